import { plain } from './parts/content';
import { renderer } from './parts/frame';

/** The element covers the screen, so that the message counts as visible; the dialog is in the top layer. */
const CSS = `:host{position:fixed;inset:0;pointer-events:none}
.panel{pointer-events:auto;width:440px;max-width:calc(100vw - 32px);margin:auto;padding:0;color:inherit}
.panel::backdrop{background:rgb(10 20 40 / .4)}
.content{padding:24px}
h2{font-size:20px}
.row{flex-direction:row-reverse}
@media (max-width:480px){.panel{width:100%;max-width:100%;margin-bottom:0}.content{padding-bottom:calc(24px + env(safe-area-inset-bottom))}.row .button{flex:1 1 100%}}
@media (prefers-reduced-motion:no-preference){.panel::backdrop{animation:fade .12s ease-out}:host([closing]) .panel::backdrop{opacity:0;transition:opacity .16s ease-out}}
@keyframes fade{from{opacity:0}}`;

/** The one message that interrupts: in the middle of the screen, from below on a phone. */
export const modal = renderer('modal', CSS, plain, 'modal');
