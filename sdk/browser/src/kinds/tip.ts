import { buttons, words } from './parts/content';
import { renderer, type Frame } from './parts/frame';
import { placeBeside } from './parts/place';
import { FLOATING } from './parts/styles';

const CSS = `${FLOATING}
:host{position:fixed;z-index:var(--_layer);inline-size:280px;max-inline-size:calc(100vw - 16px)}
:host([away]){visibility:hidden}
.panel{padding:12px 16px;overflow:visible;border-color:var(--_hairline)}
.content{gap:8px}
h2{font-size:14px}
.panel::before{content:'';position:absolute;left:calc(var(--_arrow) - 6px);inline-size:11px;block-size:11px;rotate:45deg;background:inherit;border:1px solid var(--_hairline);border-width:1px 0 0 1px;inset-block-start:-6px}
:host([side=above]) .panel::before{inset-block:auto -6px;border-width:0 1px 1px 0}`;

/** How often a tip looks where its anchor is: an anchor may move with no event that tells it. */
const FOLLOW_MS = 200;

/** A note beside an element of the app. It goes where the element goes. */
export const tip = renderer({
  name: 'tip',
  css: CSS,
  role: 'dialog',
  entered: follow,
  draw: ({ host, show, actions }, { content }) => {
    host.setAttribute('anchor', content.anchor ?? '');
    show(...words(content), buttons(content, actions));
  },
});

function follow({ host }: Frame): void {
  const move = () => {
    const box = boxOf(host.getAttribute('anchor'));
    host.toggleAttribute('away', !box);
    if (!box) return;
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const { top, left, side, arrow } = placeBeside(
      box,
      { width: host.offsetWidth, height: host.offsetHeight },
      { width, height },
    );
    host.setAttribute('side', side);
    host.style.setProperty('top', `${top}px`);
    host.style.setProperty('left', `${left}px`);
    host.style.setProperty('--_arrow', `${arrow}px`);
  };
  const leaving = new AbortController();
  const { signal } = leaving;
  addEventListener('scroll', move, { capture: true, passive: true, signal });
  addEventListener('resize', move, { signal });
  const timer = setInterval(move, FOLLOW_MS);
  host.left = () => {
    leaving.abort();
    clearInterval(timer);
  };
  move();
}

/** Where the anchor is, if it is there and on the screen. */
function boxOf(selector: string | null): DOMRect | undefined {
  const box = selector ? find(selector)?.getBoundingClientRect() : undefined;
  if (!box || (box.width === 0 && box.height === 0)) return undefined;
  return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth ? box : undefined;
}

/** A selector comes from outside: one that is none finds nothing. */
function find(selector: string): Element | null {
  try {
    return document.querySelector(selector);
  } catch {
    return null;
  }
}
