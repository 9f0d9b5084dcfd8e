import type { Actions } from '../../renderer';
import { texts } from '../settings';
import { link } from './content';
import { classed, h } from './h';
import { icon } from './icons';

export const STEPS_CSS = `
.step-row{display:flex;align-items:center;gap:12px;padding-block:6px}
.mark{display:grid;place-items:center;inline-size:22px;block-size:22px;flex:none;border:1.5px solid var(--_border);border-radius:50%}
.mark .icon{inline-size:14px;block-size:14px;stroke-width:2.5}
.done .mark{background:var(--_good);border-color:var(--_good);color:var(--_bg)}
.done{color:var(--_muted)}
.next{font-weight:600}
.next .mark{border-color:var(--_accent);border-width:2px}
.step-row a{color:var(--_accent);text-underline-offset:3px;border-radius:2px}
.measure{display:flex;align-items:center;gap:12px}
.measure .bar{flex:1}
@media (pointer:coarse){.step-row:has(a){padding-block:0}.step-row a{display:flex;align-items:center;min-block-size:44px}}
@media (forced-colors:active){.done .mark{forced-color-adjust:none;background:Highlight;color:HighlightText}}`;

interface Step {
  readonly label: string;
  readonly done: boolean;
  readonly url?: string;
}

/** Draws a step with its sign; what the sign says is there in words for a screen reader. @param next it is the first that is to do */
export function stepRow({ label, done, url }: Step, next: boolean, actions?: Actions): HTMLElement {
  const t = texts();
  const element = h(
    'li',
    { 'aria-current': next && 'step' },
    h('span.mark', {}, done && icon('check')),
    h('span.sr', {}, `${done ? t.done : t.open}: `),
    (!done && link(label, url, () => actions?.click(url))) || h('span', {}, label),
  );
  return classed(element, 'step-row', done ? 'done' : next && 'next');
}
