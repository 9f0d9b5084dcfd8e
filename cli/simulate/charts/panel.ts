import { escapeHtml } from '../../../api/html';
import { number } from '../format';
import { ticksTo } from './axis';

/** One chart of several: columns along a scale. */
export interface Panel {
  /** What the columns count, with the figure that one wants to know. It stands above the chart. */
  readonly title: string;
  /** What one column stands for, such as `day`. */
  readonly per: string;
  /** The label of each column. The axis shows some of them, and of a range the first value. */
  readonly labels: readonly string[];
  readonly values: readonly number[];
  /** The values of another version, drawn as a line in the colour of a comparison. */
  readonly before?: readonly number[] | undefined;
}

/** Panels side by side. */
export interface Panels {
  /** What all of them show. */
  readonly title: string;
  readonly panels: readonly Panel[];
  /** Whether all have the same scale, so that their columns can be compared. They must count the same thing. */
  readonly sameScale: boolean;
  /** Every so many columns one has its label. Default: as many as there is room for. */
  readonly every?: number;
}

const WIDTH = 360;
const HEIGHT = 160;
const AREA = { left: 44, right: 8, top: 20, bottom: 24 } as const;
const MOST_LABELS = 7;

/** CSS of the panels. It uses the colours of the page. */
export const PANEL_STYLE = `
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(300px,100%),1fr));align-items:end;gap:24px;margin:0 0 16px}
.panels figure{margin:0}
.panels figcaption{color:var(--sojourn-text);font-size:13px;margin-block-end:4px}
.panels svg{display:block;width:100%;max-width:480px;height:auto;font:12px var(--sojourn-font);fill:var(--sojourn-muted)}
.panels line{stroke:var(--sojourn-hairline)}
.panels .column{fill:var(--sojourn-accent)}
.panels .before{fill:none;stroke:var(--sojourn-muted);stroke-width:1.5}
.panels .most{fill:var(--sojourn-text);font-weight:600}`;

/** Draws the panels as figures with inline SVG. The axis ends at the highest value, and the highest column of each panel has its number. */
export function panelsHtml({ title, panels, sameScale, every }: Panels): string {
  const mostOf = (those: readonly Panel[]): number =>
    Math.max(1, ...those.flatMap(({ values, before = [] }) => [...values, ...before]));
  const most = mostOf(panels);
  return [
    `<h3>${escapeHtml(title)}</h3>`,
    '<div class="panels">',
    ...panels.map((panel) =>
      panelHtml(panel, sameScale ? most : mostOf([panel]), every ?? Math.ceil(panel.labels.length / MOST_LABELS)),
    ),
    '</div>',
  ].join('\n');
}

function panelHtml(panel: Panel, most: number, every: number): string {
  const { title, per, labels, values, before } = panel;
  const y = (value: number): number => AREA.top + (HEIGHT - AREA.top - AREA.bottom) * (1 - value / most);
  const step = (WIDTH - AREA.left - AREA.right) / Math.max(1, labels.length);
  const x = (column: number): number => AREA.left + column * step;
  const highest = Math.max(0, ...values);
  const said = `${title}. At most ${number(highest)} a ${per}.`;
  return [
    `<figure><figcaption>${escapeHtml(title)}</figcaption>`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(said)}">`,
    ...ticksTo(most).map(
      (value) =>
        `<line x1="${AREA.left}" x2="${WIDTH - AREA.right}" y1="${short(y(value))}" y2="${short(y(value))}"/>` +
        text(number(value), { x: AREA.left - 6, y: y(value) + 4, anchor: 'end' }),
    ),
    ...values.map((value, column) => {
      const shown = `<title>${escapeHtml(`${labels[column] ?? ''}: ${number(value)}`)}</title>`;
      const width = step > 4 ? step - 1 : step;
      return `<rect class="column" x="${short(x(column))}" y="${short(y(value))}" width="${short(width)}" height="${short(y(0) - y(value))}">${shown}</rect>`;
    }),
    ...(before ? [`<polyline class="before" points="${outline(before, x, y)}"/>`] : []),
    ...labels.map((label, column) =>
      column % every === 0 ? axisLabel(label.split('–')[0] ?? '', x(column) + step / 2) : '',
    ),
    highest > 0 ? mostLabel(values, highest, { x: (column) => x(column) + step / 2, y }) : '',
    '</svg></figure>',
  ].join('\n');
}

function axisLabel(content: string, x: number): string {
  return text(content, { x: inside(content, x), y: HEIGHT - 6, anchor: 'middle' });
}

/** The place nearest to `x` at which a centred text does not reach over the sides. */
function inside(content: string, x: number): number {
  const half = content.length * 4;
  return Math.min(WIDTH - half, Math.max(half, x));
}

/** The number of the highest column, above it. */
function mostLabel(
  values: readonly number[],
  highest: number,
  at: { readonly x: (column: number) => number; readonly y: (value: number) => number },
): string {
  const content = number(highest);
  return text(content, {
    x: inside(content, at.x(values.indexOf(highest))),
    y: at.y(highest) - 5,
    anchor: 'middle',
    className: 'most',
  });
}

/** The upper edge of columns. */
function outline(values: readonly number[], x: (column: number) => number, y: (value: number) => number): string {
  return values
    .flatMap((value, column) => [
      `${short(x(column))},${short(y(value))}`,
      `${short(x(column + 1))},${short(y(value))}`,
    ])
    .join(' ');
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'middle' | 'end';
  readonly className?: string;
}

function text(content: string, { x, y, anchor, className }: Place): string {
  const styled = className === undefined ? '' : ` class="${className}"`;
  return `<text${styled} x="${short(x)}" y="${short(y)}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
