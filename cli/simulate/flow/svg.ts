import { escapeHtml } from '../../../api/html';
import { count } from '../format';
import { LINE, lineWidth, NAME_SIZE, type Box, type Diagram, type Line, type Point, type Route } from './lay-out';

/** The widest edge, in pixels, is that of the most people. */
const WIDEST = 10;
const ARROW = 6;

/** CSS of the diagrams. It uses the colours of the page. */
export const FLOW_STYLE = `
.flow{font-family:var(--sojourn-font)}
.flow text{fill:var(--sojourn-text);text-anchor:middle;font-size:12px}
.flow .name{font-size:13px;font-weight:600}
.flow .small{fill:var(--sojourn-muted)}
.flow .box{fill:var(--sojourn-surface);stroke:var(--sojourn-hairline)}
.flow .message .box{stroke:var(--sojourn-accent)}
.flow .way{fill:none;stroke:var(--sojourn-accent);stroke-opacity:.45;stroke-linecap:round}
.flow .tip{fill:var(--sojourn-accent)}
.flow .none .way{stroke:var(--sojourn-border);stroke-opacity:1;stroke-dasharray:3 4}
.flow .none .tip{fill:var(--sojourn-border)}
.flow .ground{fill:var(--sojourn-bg)}`;

/** Draws a diagram as inline SVG, in its own size. The labels are drawn above all edges. */
export function flowSvg({ width, height, boxes, routes }: Diagram, title: string): string {
  const most = Math.max(1, ...routes.map(({ edge }) => edge.people));
  return [
    `<svg class="flow" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">`,
    ...routes.map((route) => way(route, most)),
    ...boxes.map(box),
    ...routes.map(label),
    '</svg>',
  ].join('\n');
}

function way({ edge, points }: Route, most: number): string {
  const last = points.at(-1);
  const before = points.at(-2);
  if (!last || !before) return '';
  const width = Math.max(1, (WIDEST * edge.people) / most);
  const end = towards(last, before, ARROW);
  const path = curve([...points.slice(0, -1), end]);
  return `<g${edge.people === 0 ? ' class="none"' : ''}><path class="way" d="${path}" stroke-width="${short(width)}"/>${tip(last, before, width)}</g>`;
}

/** A curve through the middle of each line between the points, as smooth at each point as its neighbours allow. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const parts = rest.map((point, index) => {
    const next = rest[index + 1];
    return next ? `Q${place(point)} ${place(middle(point, next))}` : `L${place(point)}`;
  });
  return `M${place(first)}${parts.join('')}`;
}

/** The head of an arrow. It is a little wider than its line. */
function tip(at: Point, from: Point, width: number): string {
  const base = towards(at, from, ARROW + width / 2);
  const half = ARROW / 2 + width / 2;
  const length = Math.hypot(at.x - from.x, at.y - from.y) || 1;
  const across = { x: (-(at.y - from.y) / length) * half, y: ((at.x - from.x) / length) * half };
  const corners = [at, { x: base.x + across.x, y: base.y + across.y }, { x: base.x - across.x, y: base.y - across.y }];
  return `<polygon class="tip" points="${corners.map(place).join(' ')}"/>`;
}

function towards(from: Point, to: Point, by: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: from.x + ((to.x - from.x) / length) * by, y: from.y + ((to.y - from.y) / length) * by };
}

function middle(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

function box({ node, x, y, width, height, lines }: Box): string {
  const rounded = node.kind === 'enter' || node.kind === 'end' ? height / 2 : 6;
  const left = node.left.map(({ reason, entries }) => `\n${entries} left: ${reason}`).join('');
  const tooltip = `${node.name}: ${count(node.entries, 'entry', 'entries')}${left}`;
  return (
    `<g${node.sends ? ' class="message"' : ''}><title>${escapeHtml(tooltip)}</title>` +
    `<rect class="box" x="${short(x - width / 2)}" y="${short(y - height / 2)}" width="${short(width)}" height="${short(height)}" rx="${short(rounded)}"/>` +
    `${texts(lines, { x, y })}</g>`
  );
}

function label({ edge, label: { x, y, lines } }: Route): string {
  const when = edge.when.length === 0 ? '' : ` after ${edge.when.join(' or ')}`;
  const tooltip = `${count(edge.people, 'person', 'people')}, ${count(edge.entries, 'entry', 'entries')}${when}`;
  const ground = lines.map((line, index) => groundOf(line, { x, y: firstLine(lines, y) + index * LINE })).join('');
  return `<g class="label"><title>${escapeHtml(tooltip)}</title>${ground}${texts(lines, { x, y })}</g>`;
}

/** Hides the edge behind a line of text. */
function groundOf(line: Line, { x, y }: Point): string {
  const width = lineWidth(line);
  return `<rect class="ground" x="${short(x - width / 2)}" y="${short(y - NAME_SIZE)}" width="${short(width)}" height="${LINE}"/>`;
}

/** The base line of the first of some lines around a centre. */
function firstLine(lines: readonly Line[], y: number): number {
  return y - ((lines.length - 1) * LINE) / 2 + NAME_SIZE / 3;
}

/** Lines of text around a centre. */
function texts(lines: readonly Line[], { x, y }: Point): string {
  const top = firstLine(lines, y);
  return lines
    .map(
      ({ text, style }, index) =>
        `<text class="${style}" x="${short(x)}" y="${short(top + index * LINE)}">${escapeHtml(text)}</text>`,
    )
    .join('');
}

function place({ x, y }: Point): string {
  return `${short(x)},${short(y)}`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
