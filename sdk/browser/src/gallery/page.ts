import { h } from '../kinds/parts/h';
import { EXAMPLES } from './examples';

const NAMES = [...EXAMPLES.map(({ name }) => name), 'inbox', 'profile', 'chat', 'chat-question', 'chat-list'];

/** The pages in which each kind is shown: beside each other they show what a change of the look does. */
const FRAMES = [
  { says: 'Light', query: 'theme=light' },
  { says: 'Dark', query: 'theme=dark' },
  { says: 'Right to left', query: 'theme=light&dir=rtl&lang=ar' },
  { says: 'Phone', query: 'theme=light', className: 'phone' },
] as const;

const find = (id: string): HTMLElement => {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element with the id '${id}'.`);
  return element;
};

const words = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');

function draw(): void {
  const asked = location.hash.slice(1);
  const name = NAMES.find((known) => known === asked) ?? 'banner';
  find('kinds').replaceChildren(
    ...NAMES.map((known) =>
      h('li', {}, h('a', { href: `#${known}`, 'aria-current': known === name && 'page' }, words(known))),
    ),
  );
  find('kind').textContent = words(name);
  find('frames').replaceChildren(
    ...FRAMES.map(({ says, query, ...rest }) =>
      h(
        'div',
        { class: 'className' in rest ? rest.className : undefined },
        h('h3', {}, says),
        h('iframe', { src: `gallery/frame?show=${name}&${query}`, title: `${words(name)}: ${says.toLowerCase()}` }),
      ),
    ),
  );
}

/** What frames of this gallery tell, as text. */
function report({ origin, data }: MessageEvent<unknown>): void {
  if (origin !== location.origin || typeof data !== 'object' || data === null || !('reaction' in data)) return;
  const { reaction, value, show } = data as { reaction: unknown; value?: unknown; show?: unknown };
  const said = value === undefined ? '' : ` ${JSON.stringify(value)}`;
  const log = find('log');
  log.querySelector('.muted')?.remove();
  log.prepend(h('li', {}, `${String(show)}: `, h('code', {}, `${String(reaction)}${said}`)));
}

addEventListener('hashchange', () => {
  draw();
  find('kind').focus();
});
addEventListener('message', report);
draw();
