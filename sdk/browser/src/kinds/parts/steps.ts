import type { Actions } from '../../renderer';
import { texts } from '../settings';
import { link } from './content';
import { h } from './h';
import { icon } from './icons';

export const STEPS_CSS = `.step-row{padding-block:6px}
.mark{display:grid;place-items:center;width:22px;height:22px;flex:none;border:1.5px solid var(--_border);border-radius:50%}
.mark .icon{width:14px;height:14px;stroke-width:2.5}
.done .mark{background:var(--_good);border-color:var(--_good);color:var(--_bg)}
.done{color:var(--_muted)}
.next{font-weight:600}
.next .mark{border-color:var(--_accent);border-width:2px}
a{color:var(--_accent);text-underline-offset:3px}
.measure .bar{flex:1}
@media (pointer:coarse){.step-row a{padding-block:12px;margin-block:-6px}}`;

interface Step {
  readonly label: string;
  readonly done: boolean;
  readonly url?: string;
}

/** Draws steps, each with its sign; what the sign says is there in words for a screen reader. The first that is to do is the current one. */
export function stepRows(steps: readonly Step[], actions?: Actions): HTMLElement[] {
  const next = steps.find(({ done }) => !done);
  return steps.map((step) => {
    const { label, done, url } = step;
    return h(
      `li.step-row${done ? '.done' : step === next ? '.next' : ''}`,
      { 'aria-current': step === next && 'step' },
      h('span.mark', {}, done && icon('check')),
      h('span.sr', {}, `${done ? texts.done : texts.open}: `),
      (!done && link(label, url, () => actions?.click(url))) || h('span', {}, label),
    );
  });
}
