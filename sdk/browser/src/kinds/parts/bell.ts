import { texts } from '../settings';
import { h, shown, type Child } from './h';

export const BELL_CSS = `:host{display:inline-block;position:relative}
.bell{width:var(--_target);padding:0;border-color:transparent}
.count{position:absolute;top:0;inset-inline-end:0;min-width:18px;padding-inline:4px;border-radius:9px;background:var(--_accent);color:var(--_on-accent);font-size:12px;line-height:18px}`;

/** More are not counted out. */
const MOST_SHOWN = 9;

/** Draws a button that leads to messages, with the number of those that are unread. */
export function ring(button: HTMLElement, face: Child, label: string, unread: number): HTMLElement {
  const count = unread > MOST_SHOWN ? `${MOST_SHOWN}+` : String(unread || '');
  button.replaceChildren(...shown([face, count && h('span.count', {}, count)]));
  button.setAttribute('aria-label', count ? `${label}, ${texts.unread}: ${count}` : label);
  return button;
}
