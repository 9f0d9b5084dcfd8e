import { buttons, words } from './parts/content';
import { renderer } from './parts/frame';
import { h } from './parts/h';

/** It stands in the flow of the page and sticks to its edge: it pushes content instead of covering it. */
const CSS = `:host{position:sticky;z-index:var(--_layer);inset-block:0}
:host([short]){position:fixed;inset:auto 0 0}
.panel{display:flex;gap:8px;padding:8px;padding-inline-start:16px;background:var(--_surface);border:solid var(--_hairline);border-width:1px 0;border-radius:0;box-shadow:none}
.content{flex:1;flex-flow:row wrap;align-items:center;justify-content:center;gap:8px 16px}
.words{display:flex;flex-wrap:wrap;gap:0 8px}
h2{font-size:14px;line-height:1.45}
.panel>.close{position:static}
@media (max-width:640px){.content{flex-flow:column;align-items:start}}`;

/** A line at the top or bottom edge of the page. */
export const banner = renderer(
  'banner',
  CSS,
  ({ host, show, actions }, { content }) => {
    host.setAttribute('edge', content.edge ?? 'top');
    show(h('div.words', {}, ...words(content)), buttons(content, actions));
  },
  'region',
  toItsEdge,
);

/** Moves it to where its edge is, once it is in the page. */
function toItsEdge(host: HTMLElement): void {
  const { body } = document;
  if (host.getAttribute('edge') === 'bottom') {
    if (body.lastElementChild !== host) body.append(host);
    // A page shorter than the screen ends above its edge.
    host.removeAttribute('short');
    host.toggleAttribute('short', host.getBoundingClientRect().bottom < innerHeight);
  } else if (body.firstElementChild !== host) body.prepend(host);
}
