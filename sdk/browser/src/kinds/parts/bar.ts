import { h } from './h';

/** Draws how far something is. @param share from 0 to 1 @param label what it says to a screen reader */
export function bar(share: number, label: string): HTMLElement {
  const filled = h('i.filled');
  const value = Math.min(1, Math.max(0, share));
  filled.style.setProperty('--_value', String(value));
  const now = Math.round(value * 100);
  return h('div.bar', { role: 'progressbar', 'aria-label': label, 'aria-valuenow': now }, filled);
}
