import { percent, texts } from '../settings';
import { classed, h } from './h';
import { icon } from './icons';

export const OPTIONS_CSS = `
.option{all:unset;box-sizing:border-box;position:relative;display:flex;align-items:center;gap:8px;min-block-size:44px;padding:8px 12px;border:1px solid var(--_border);border-radius:var(--_radius-control);overflow:hidden;cursor:pointer;isolation:isolate}
.option:hover{background:var(--_surface)}
.option:focus-visible{outline:2px solid var(--_accent);outline-offset:2px}
.option[aria-disabled=true]{cursor:default;background:none;border-color:var(--_hairline)}
.option.own{border-color:var(--_accent)}
.option.right{border-color:var(--_good)}
.option.wrong{border-color:var(--_bad)}
.fill{position:absolute;inset:0;z-index:-1;background:var(--_tint);transform-origin:left;transform:scaleX(var(--_value,0))}
:host(:dir(rtl)) .fill{transform-origin:right}
.mark{display:contents;color:var(--_accent)}
.right .mark{color:var(--_good)}
.wrong .mark{color:var(--_bad)}
.mark .icon{color:inherit}
.label{flex:1}
.own .label{font-weight:600}
.figures{flex:none;text-align:end}
.outcome:empty,.total:empty{display:none}
.options{display:flex;flex-direction:column;gap:8px}
@media (forced-colors:active){.fill{opacity:.3}}`;

/** What an option shows. */
export interface OptionState {
  /** Of all votes, from 0 to 1; undefined while results are not shown. */
  readonly share: number | undefined;
  readonly votes: number;
  readonly own: boolean;
  readonly verdict: 'right' | 'wrong' | undefined;
  readonly locked: boolean;
}

export interface Option {
  readonly element: HTMLElement;
  readonly show: (state: OptionState) => void;
}

/** Makes an option of a poll or quiz: a button, inside which its result is drawn. It is changed in place, so that its bar grows and is not drawn anew. */
export function option(label: string, take: () => void): Option {
  const fill = h('span.fill', { 'aria-hidden': 'true' });
  const mark = h('span.mark');
  const figures = h('span.figures.muted.small');
  const element = h('button', { type: 'button', onclick: take }, fill, mark, h('span.label', {}, label), figures);
  return {
    element,
    show({ share, votes, own, verdict, locked }) {
      const t = texts();
      classed(element, 'option', own && 'own', verdict);
      element.setAttribute('aria-pressed', String(own));
      element.setAttribute('aria-disabled', String(locked));
      const said = verdict === 'right' ? t.rightAnswer : own && t.yourChoice;
      mark.replaceChildren(
        ...(said ? [icon(verdict === 'wrong' ? 'close' : 'check'), h('span.sr', {}, `${said}: `)] : []),
      );
      fill.style.setProperty('--_value', String(share ?? 0));
      figures.textContent = share === undefined ? '' : `${percent(share)} · ${votes}`;
    },
  };
}
