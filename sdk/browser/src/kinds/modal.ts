import { buttons, picture, words } from './parts/content';
import { renderer } from './parts/frame';
import { FLOATING } from './parts/styles';

/** The element covers the screen, so that the message counts as visible; the dialog is in the top layer. */
const CSS = `${FLOATING}
:host{position:fixed;inset:0;pointer-events:none}
dialog{pointer-events:auto;inline-size:440px;max-inline-size:calc(100vw - 32px);margin:auto;padding:0;color:inherit}
dialog::backdrop{background:rgb(10 20 40 / .4)}
.content{padding:24px}
h2{font-size:20px}
.row{flex-direction:row-reverse;margin-block-start:4px}
@media (max-width:480px){dialog{inline-size:100%;max-inline-size:100%;margin-block-end:0;border-end-start-radius:0;border-end-end-radius:0}.content{padding-block-end:calc(24px + env(safe-area-inset-bottom))}.row .button{flex:1 1 100%}}
@media (prefers-reduced-motion:no-preference){dialog::backdrop{animation:fade .12s ease-out}:host([closing]) dialog::backdrop{opacity:0;transition:opacity .16s ease-out}}
@keyframes fade{from{opacity:0}}`;

/** The one message that interrupts: in the middle of the screen, from below on a phone. */
export const modal = renderer({
  name: 'modal',
  css: CSS,
  role: 'modal',
  draw: ({ show, actions }, { content }) => show(picture(content), ...words(content), buttons(content, actions, true)),
});
