import { escapeHtml } from '../../api/html';

/** The data of a chart: columns over time or along a scale, with several series stacked, or horizontal bars. */
export interface Chart {
  readonly kind: 'columns' | 'bars';
  readonly title: string;
  readonly labels: readonly string[];
  /** One value for each label. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const WIDTH = 800;
const COLUMNS = { height: 220, left: 56, top: 8, bottom: 24, labels: 12 } as const;
const BARS = { height: 22, left: 240, right: 64 } as const;

/** CSS of the charts, for light and dark mode. The palette of Okabe and Ito is safe for colour-blind readers. */
export const CHART_STYLE = `
figure { margin: 1.5rem 0; }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; fill: currentColor; }
svg line { stroke: rgb(128 128 128 / 40%); }
svg .s0, .k0 { fill: #0072b2; background: #0072b2; }
svg .s1, .k1 { fill: #e69f00; background: #e69f00; }
svg .s2, .k2 { fill: #009e73; background: #009e73; }
.key i { display: inline-block; width: 0.8em; height: 0.8em; margin: 0 0.3em 0 1em; }
@media (prefers-color-scheme: dark) { svg .s0, .k0 { fill: #56b4e9; background: #56b4e9; } }`;

/** Renders the chart as an HTML figure with inline SVG. Each column has a tooltip with all its values. */
export function chartHtml(chart: Chart): string {
  const { kind, title, labels, series } = chart;
  const height = kind === 'bars' ? labels.length * BARS.height : COLUMNS.height;
  return [
    `<figure><figcaption>${escapeHtml(title)}${key(chart)}</figcaption>`,
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(title)}">`,
    ...(kind === 'bars' ? bars(labels, series[0]?.values ?? []) : columns(chart)),
    '</svg></figure>',
  ].join('\n');
}

function bars(labels: readonly string[], values: readonly number[]): string[] {
  const most = Math.max(1, ...values);
  return labels.map((label, index) => {
    const value = values[index] ?? 0;
    const width = ((WIDTH - BARS.left - BARS.right) * value) / most;
    const y = index * BARS.height;
    return (
      text(label, BARS.left - 8, y + 15, 'end') +
      `<rect class="s0" x="${BARS.left}" y="${y + 2}" width="${short(width)}" height="${BARS.height - 4}"/>` +
      text(value.toLocaleString('en-US'), BARS.left + width + 6, y + 15, 'start')
    );
  });
}

function columns({ labels, series }: Chart): string[] {
  const { height, left, top, bottom } = COLUMNS;
  const sums = labels.map((_, column) => series.reduce((sum, { values }) => sum + (values[column] ?? 0), 0));
  const most = roundUp(Math.max(0, ...sums));
  const y = (value: number): number => top + (height - top - bottom) * (1 - value / most);
  const step = (WIDTH - left) / labels.length;
  const every = Math.ceil(labels.length / COLUMNS.labels);
  return [
    ...[0, most / 2, most].map(
      (value) =>
        `<line x1="${left}" x2="${WIDTH}" y1="${short(y(value))}" y2="${short(y(value))}"/>` +
        text(value.toLocaleString('en-US'), left - 6, y(value) + 4, 'end'),
    ),
    ...labels.map((label, column) => {
      const x = left + column * step;
      const below = column % every === 0 ? text(label, x + step / 2, height - 6, 'middle') : '';
      return stack({ label, series, column, x, width: step * 0.85, y }) + below;
    }),
  ];
}

interface Stack extends Pick<Chart, 'series'> {
  readonly label: string;
  readonly column: number;
  readonly x: number;
  readonly width: number;
  readonly y: (value: number) => number;
}

function stack({ label, series, column, x, width, y }: Stack): string {
  let below = 0;
  const parts = series.map(({ values }, index) => {
    const from = y(below);
    below += values[column] ?? 0;
    const height = from - y(below);
    if (height === 0) return '';
    return `<rect class="s${index}" x="${short(x)}" y="${short(y(below))}" width="${short(width)}" height="${short(height)}"/>`;
  });
  const tooltip = series
    .map(({ name, values }) => `${name} ${(values[column] ?? 0).toLocaleString('en-US')}`)
    .join(', ');
  return `<g><title>${escapeHtml(`${label}: ${tooltip}`)}</title>${parts.join('')}</g>`;
}

function text(content: string, x: number, y: number, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
}

function key({ series }: Chart): string {
  if (series.length === 1) return '';
  const entries = series.map(({ name }, index) => `<i class="k${index}"></i>${escapeHtml(name)}`);
  return ` <span class="key">${entries.join('')}</span>`;
}

const ROUND_FACTORS = [1, 2, 4, 5, 10];

/** Rounds up to the next number that is easy to read and has an easy half, for the labels of an axis. Returns at least 1. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return power * (ROUND_FACTORS.find((factor) => factor * power >= value) ?? 10);
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
