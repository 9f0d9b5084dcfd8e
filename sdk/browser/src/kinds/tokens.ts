/** The colours of everything that the SDK shows: in light, in dark. Every pair of text and ground has a contrast of at least 4.5, of controls 3. */
const COLOURS = {
  bg: ['#ffffff', '#12151b'],
  surface: ['#f6f7f9', '#1b2029'],
  text: ['#14181f', '#eef1f6'],
  muted: ['#5a6473', '#a3adbb'],
  border: ['#828c9b', '#6b7686'],
  hairline: ['#e1e5ea', '#2d3541'],
  accent: ['#2450d6', '#8fabff'],
  'on-accent': ['#ffffff', '#0d1424'],
  /** The ground of a chosen row, and of bars. */
  tint: ['#e4eafb', '#26324f'],
  good: ['#0b7a4b', '#5fd39b'],
  bad: ['#b3261e', '#ff8a80'],
  shadow: ['rgb(10 20 40 / .16)', 'transparent'],
  edge: ['transparent', '#2d3541'],
} as const;

/** The rest of the tokens. An app overrides these as it does the colours. */
const MEASURES = {
  font: 'system-ui, sans-serif',
  radius: '12px',
  'radius-control': '6px',
  offset: '0px',
  layer: '2147483000',
} as const;

/** A browser that has no `light-dark()` shows light. */
const both = CSS.supports('color', 'light-dark(red,red)');

const declared = [
  ...Object.entries(MEASURES),
  ...Object.entries(COLOURS).map(
    ([name, [light, dark]]) => [name, both ? `light-dark(${light},${dark})` : light] as const,
  ),
].map(([name, value]) => `--_${name}:var(--sojourn-${name},${value});`);

/**
 * Sets a private `--_name` for each token: the app's `--sojourn-name` if it has one, else our own. A style sheet that set `--sojourn-name` itself
 * would hide what the app has set. Which of light and dark holds follows the `color-scheme` of the page.
 */
export const TOKENS = `:host{${declared.join('')}}`;
