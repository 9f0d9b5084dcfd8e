import { h } from './h';

/** Draws how far something is. @param share from 0 to 1 @param label what it says to a screen reader */
export function bar(share: number, label: string): HTMLElement {
  const filled = h('i');
  const value = Math.min(1, Math.max(0, share));
  filled.style.setProperty('--_value', String(value));
  return h(
    'div',
    {
      ...{ class: 'bar', part: 'bar', role: 'progressbar', 'aria-label': label },
      ...{ 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(value * 100) },
    },
    filled,
  );
}
