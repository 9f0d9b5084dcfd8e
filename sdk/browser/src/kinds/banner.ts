import { buttons, words } from './parts/content';
import { renderer, type Frame } from './parts/frame';
import { h } from './parts/h';

/** It stands in the flow of the page and sticks to its edge: it pushes content instead of covering it. */
const CSS = `
:host{position:sticky;z-index:var(--_layer);inset-block-start:0}
:host([edge=bottom]){inset-block:auto 0}
:host([short]){position:fixed;inset-inline:0}
.panel{display:flex;align-items:center;gap:8px;padding:8px;padding-inline-start:16px;background:var(--_surface);border-block-end:1px solid var(--_hairline)}
:host([edge=bottom]) .panel{border-block:0;border-block-start:1px solid var(--_hairline)}
.content{flex:1;flex-flow:row wrap;align-items:center;justify-content:center;gap:8px 16px}
.words{display:flex;flex-wrap:wrap;gap:0 8px;align-items:baseline}
h2{font-size:14px;line-height:1.45}
.panel>.close{align-self:start}
@media (max-width:640px){.content{flex-direction:column;align-items:start}}
@media (prefers-reduced-motion:no-preference){.panel{animation-name:fade}:host([closing]) .panel{animation-name:fade-out}}
@keyframes fade{from{opacity:0}}
@keyframes fade-out{to{opacity:0}}`;

/** A line at the top or bottom edge of the page. */
export const banner = renderer({
  name: 'banner',
  css: CSS,
  role: 'region',
  entered: toItsEdge,
  draw: ({ host, show, actions }, { content }) => {
    host.setAttribute('edge', content.edge ?? 'top');
    show(h('div.words', {}, ...words(content)), buttons(content, actions));
  },
});

/** Moves it to where its edge is, once it is in the page. */
function toItsEdge({ host }: Frame): void {
  const { body } = document;
  if (host.getAttribute('edge') === 'bottom') {
    if (body.lastElementChild !== host) body.append(host);
    // A page shorter than the screen ends above its edge.
    host.toggleAttribute('short', host.getBoundingClientRect().bottom < innerHeight);
  } else if (body.firstElementChild !== host) body.prepend(host);
}
