/**
 * Shows an edit without a reload: what was scrolled to, opened and focused stays. It also makes each frame as high as its mail. Without
 * it, the page works, but has to be reloaded by hand.
 */
export const PAGE_SCRIPT = `const changes = new EventSource(new URL('changes', document.currentScript.src));
const version = () => document.querySelector('.board').dataset.version;
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) fit(target.ownerDocument.defaultView.frameElement);
});

function fit(frame) {
  const body = frame?.contentDocument?.body;
  if (body) frame.style.blockSize = Math.ceil(body.getBoundingClientRect().height) + 'px';
}

function follow(frame) {
  const measure = () => {
    fit(frame);
    sizes.observe(frame.contentDocument.body);
  };
  frame.addEventListener('load', measure);
  if (frame.contentDocument?.readyState === 'complete' && frame.contentDocument.URL !== 'about:blank') measure();
}

async function refresh() {
  const answer = await fetch(location.href);
  if (!answer.ok) throw new Error(answer.statusText);
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const heights = [...document.querySelectorAll('iframe')].map((frame) => frame.style.blockSize);
  const open = [...document.querySelectorAll('details[open]')].map(({ id }) => id);
  const focused = document.activeElement?.id;
  sizes.disconnect();
  document.querySelector('main').replaceWith(next.querySelector('main'));
  document.title = next.title;
  document.querySelectorAll('iframe').forEach((frame, n) => {
    frame.style.blockSize = heights[n] ?? '';
    follow(frame);
  });
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

let shown = Promise.resolve();
changes.onmessage = ({ data }) => {
  shown = shown
    .then(() => (version() === data ? undefined : refresh()))
    .then(() => say('Shows each edit when it is saved.'), () => say('The edit could not be shown. Reload the page.'));
};
changes.onerror = () => say('Sojourn does not answer. The page shows what it showed last.');

function say(text) {
  document.querySelector('#live').textContent = text;
}

document.querySelectorAll('iframe').forEach(follow);
`;
