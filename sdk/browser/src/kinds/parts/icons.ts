import { fit } from './h';

/** From Lucide and Feather, from which it comes (ISC and MIT License): only those used, as paths on a ground of 24 by 24. */
const PATHS = {
  close: 'M18 6 6 18M6 6l12 12',
  check: 'M20 6 9 17l-5-5',
  bell: 'M6 8a6 6 0 0 1 12 0c0 7 3 9 3 9H3s3-2 3-9M10.3 21a2 2 0 0 0 3.4 0',
  star: 'M12 2l3.1 6.3 6.9 1-5 4.8 1.2 6.9-6.2-3.2L5.8 21 7 14.1 2 9.3l6.9-1z',
  flame:
    'M8.5 14.5A2.5 2.5 0 0 0 11 12c0-1.4-.5-2-1-3-1.1-2.1-.2-4 2-6 .5 2.5 2 4.9 4 6.5s3 3.5 3 5.5a7 7 0 1 1-14 0c0-1.2.4-2.3 1-3a2.5 2.5 0 0 0 2.5 2.5z',
  award: 'M18 8A6 6 0 1 1 6 8a6 6 0 0 1 12 0zM8.2 13 7 22l5-3 5 3-1.2-9',
} as const;

/** Draws an icon of 20 pixels. It says nothing by itself: what it means stands beside it in words, or in the label of its button. */
export function icon(name: keyof typeof PATHS): SVGElement {
  const make = (tag: 'svg' | 'path') => document.createElementNS('http://www.w3.org/2000/svg', tag);
  const path = fit(make('path'), [], { d: PATHS[name] });
  return fit(make('svg'), ['icon', name], { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, [path]);
}
