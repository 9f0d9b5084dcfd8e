import { escapeHtml } from '../../api/html';

/** A line of columns of one kind, one for each label. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** What a chart shows. Series are stacked. */
export interface Chart {
  readonly title: string;
  /** Of the columns, from left to right; told in full where one points at a column. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
}

const WIDTH = 800;
const HEIGHT = 220;
const LEFT = 56;
const BOTTOM = 24;
const TOP = 8;
const MOST_LABELS = 12;

/** Styles of the charts, for light and for dark. The colours are told apart with any eyesight (Okabe and Ito). */
export const CHART_STYLE = `
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; fill: currentColor; }
svg line { stroke: rgb(128 128 128 / 40%); }
svg .s0, .k0 { fill: #0072b2; background: #0072b2; }
svg .s1, .k1 { fill: #e69f00; background: #e69f00; }
svg .s2, .k2 { fill: #009e73; background: #009e73; }
.key i { display: inline-block; width: 0.8em; height: 0.8em; margin: 0 0.3em 0 1em; }
@media (prefers-color-scheme: dark) { svg .s0, .k0 { fill: #56b4e9; background: #56b4e9; } }`;

/** Stacked columns as inline SVG, with a key. */
export function columnChart({ title, labels, series }: Chart): string {
  const sums = labels.map((_, column) => series.reduce((sum, { values }) => sum + (values[column] ?? 0), 0));
  const top = roundUp(Math.max(...sums, 0));
  const y = (value: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const step = (WIDTH - LEFT) / labels.length;
  const every = Math.ceil(labels.length / MOST_LABELS);
  return [
    `<figure><figcaption>${escapeHtml(title)}${key(series)}</figcaption>`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">`,
    ...[0, top / 2, top].map(
      (value) =>
        `<line x1="${LEFT}" x2="${WIDTH}" y1="${short(y(value))}" y2="${short(y(value))}"/>` +
        `<text x="${LEFT - 6}" y="${short(y(value) + 4)}" text-anchor="end">${value.toLocaleString('en-US')}</text>`,
    ),
    ...labels.flatMap((label, column) => [
      stack(label, series, column, { x: LEFT + column * step, width: Math.max(0.5, step * 0.85), y }),
      column % every === 0
        ? `<text x="${short(LEFT + (column + 0.5) * step)}" y="${HEIGHT - 6}" text-anchor="middle">${escapeHtml(label)}</text>`
        : '',
    ]),
    '</svg></figure>',
  ].join('\n');
}

interface Place {
  readonly x: number;
  readonly width: number;
  readonly y: (value: number) => number;
}

function stack(label: string, series: readonly Series[], column: number, { x, width, y }: Place): string {
  let below = 0;
  const parts = series.map(({ values }, index) => {
    const value = values[column] ?? 0;
    const [from, to] = [y(below), y(below + value)];
    below += value;
    if (value === 0) return '';
    return `<rect class="s${index}" x="${short(x)}" y="${short(to)}" width="${short(width)}" height="${short(from - to)}"/>`;
  });
  const told = series.map(({ name, values }) => `${name} ${(values[column] ?? 0).toLocaleString('en-US')}`).join(', ');
  return `<g><title>${escapeHtml(`${label}: ${told}`)}</title>${parts.join('')}</g>`;
}

function key(series: readonly Series[]): string {
  if (series.length === 1) return '';
  const entries = series.map(({ name }, index) => `<i class="k${index}"></i>${escapeHtml(name)}`);
  return ` <span class="key">${entries.join('')}</span>`;
}

/** The next number that is easy to read: 1, 2, 4, 5 or 10 times a power of ten; at least 1. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return power * (ROUND.find((factor) => factor * power >= value) ?? 10);
}
const ROUND = [1, 2, 4, 5, 10];

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
