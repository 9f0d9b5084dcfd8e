import { fit, h } from './h';

/** From Lucide and Feather, from which it comes (ISC and MIT License): only those used, as paths on a ground of 24 by 24. */
const PATHS = {
  close: 'M18 6 6 18M6 6l12 12',
  check: 'M20 6 9 17l-5-5',
  bell: 'M6 8a6 6 0 0 1 12 0c0 7 3 9 3 9H3s3-2 3-9M10.3 21a2 2 0 0 0 3.4 0',
  chat: 'M21 15a2 2 0 0 1-2 2H7l-4 4V5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2z',
  more: 'M5 12h.5m6.25 0h.5M18.5 12h.5',
  star: 'M12 2l3.1 6.3 6.9 1-5 4.8 1.2 6.9-6.2-3.2L5.8 21 7 14.1 2 9.3l6.9-1z',
  flame: 'M12 3q1 4 4 6.5t3 5.5a1 1 0 0 1-14 0 5 5 0 0 1 1-3 1 1 0 0 0 5 0c0-2-1.5-3-1.5-5q0-2 2.5-4',
  award: 'M18 8A6 6 0 1 1 6 8a6 6 0 0 1 12 0zM8.2 13 7 22l5-3 5 3-1.2-9',
} as const;

/** Draws an icon of 20 pixels. It says nothing by itself: what it means stands beside it in words, or in the label of its button. */
export function icon(name: keyof typeof PATHS): SVGElement {
  const make = (tag: 'svg' | 'path') => document.createElementNS('http://www.w3.org/2000/svg', tag);
  const path = fit(make('path'), [], { d: PATHS[name] });
  return fit(make('svg'), ['icon', name], { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, [path]);
}

/** A button that shows a cross. @param label what it says to a screen reader */
export const closeButton = (label: string, onclick: () => void): HTMLButtonElement =>
  h('button.button.quiet.close', { type: 'button', 'aria-label': label, onclick }, icon('close'));
