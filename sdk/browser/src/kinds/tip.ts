import { find } from '../page';
import { buttons, words } from './parts/content';
import type { Hooks } from './parts/element';
import { renderer } from './parts/frame';
import { keepBeside } from './parts/place';

const CSS = `:host{position:fixed;top:var(--_top);left:var(--_left);z-index:var(--_layer);width:280px;max-width:calc(100vw - 16px)}
:host([away]){visibility:hidden}
.panel{padding:12px 16px;overflow:visible;border-color:var(--_hairline);border-radius:var(--_radius)}
.content{gap:8px}
h2{font-size:14px}
.panel::before{content:'';position:absolute;left:calc(var(--_arrow) - 6px);top:-6px;width:11px;height:11px;rotate:45deg;background:inherit;border:solid var(--_hairline);border-width:1px 0 0 1px}
:host([side=above]) .panel::before{inset-block:auto -6px;border-width:0 1px 1px 0}`;

/** A note beside an element of the app. It goes where the element goes. */
export const tip = renderer(
  'tip',
  CSS,
  ({ host, show, actions }, { content }) => {
    host.setAttribute('anchor', content.anchor ?? '');
    show(...words(content), buttons(content, actions));
  },
  'dialog',
  (host: HTMLElement & Hooks) => {
    const leaving = new AbortController();
    host.left = () => leaving.abort();
    keepBeside(() => find(host.getAttribute('anchor') ?? ''), host, leaving.signal);
  },
);
