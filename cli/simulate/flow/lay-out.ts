import { loadDagre } from './dagre';
import type { FlowEdge, FlowGraph, FlowNode } from './graph';
import { count, number } from '../format';
import { cut, linesOf, textWidth } from './text-width';

export const NAME_SIZE = 13;
export const SMALL_SIZE = 12;
export const LINE = 16;
const PADDING = 12;
/** The most width of the text in a node, and of the outcome on an edge. */
const NODE_TEXT = 190;
const EDGE_TEXT = 130;
const NAME_LINES = 3;
const MARGIN = 8;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line of text in a box. */
export interface Line {
  readonly text: string;
  readonly style: 'name' | 'small';
}

/** A box of the diagram. `x` and `y` are its centre. */
export interface Box extends Point {
  readonly node: FlowNode;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly Line[];
}

/** A line of the diagram, with the place of its label. */
export interface Route {
  readonly edge: FlowEdge;
  readonly points: readonly Point[];
  readonly label: Point & { readonly lines: readonly Line[] };
}

/** A diagram, in pixels. */
export interface Diagram {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly routes: readonly Route[];
}

/** Lays out a journey from top to bottom: boxes in layers, and for each edge a way around them and room for its label. */
export async function layOut({ nodes, edges }: FlowGraph): Promise<Diagram> {
  const { Graph, layout } = await loadDagre();
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 24, edgesep: 16, ranksep: 28, marginx: MARGIN, marginy: MARGIN });
  const sized = nodes.map((node) => ({ node, ...sizeOf(linesIn(node)) }));
  for (const { node, width, height } of sized) graph.setNode(node.id, { width, height });
  const labelled = edges.map((edge) => ({ edge, lines: linesOn(edge) }));
  for (const { edge, lines } of labelled)
    graph.setEdge(edge.from, edge.to, { ...labelSize(lines), labelpos: 'c', weight: 1 + edge.people });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    boxes: sized.map((box) => ({ ...box, ...at(graph.node(box.node.id)) })),
    routes: labelled.map(({ edge, lines }) => {
      const placed = graph.edge(edge.from, edge.to);
      return { edge, points: placed.points ?? [], label: { ...at(placed), lines } };
    }),
  };
}

function at({ x = 0, y = 0 }: { readonly x?: number; readonly y?: number }): Point {
  return { x, y };
}

function linesIn({ kind, name, text, entries, inside, left }: FlowNode): Line[] {
  const small = (line: string): Line => ({ text: cut(line, SMALL_SIZE, NODE_TEXT), style: 'small' });
  const isStep = kind !== 'enter' && kind !== 'end';
  const gone = left.reduce((sum, { entries: those }) => sum + those, 0);
  const [first, ...others] = left;
  return [
    ...linesOf(name, NAME_SIZE, { width: NODE_TEXT, most: NAME_LINES }).map((line) => ({
      text: line,
      style: 'name' as const,
    })),
    small(isStep ? `${kind}${text === '' || text === name ? '' : `: ${text}`}` : count(entries, 'entry', 'entries')),
    ...(first ? [small(`${number(gone)} left: ${first.reason}${others.length > 0 ? ', …' : ''}`)] : []),
    ...(inside > 0 ? [small(`${number(inside)} still here`)] : []),
  ];
}

function linesOn({ people, when }: FlowEdge): Line[] {
  const outcome =
    when.length === 0 ? [] : [{ text: cut(when.join(' or '), SMALL_SIZE, EDGE_TEXT), style: 'small' as const }];
  return [{ text: number(people), style: 'name' }, ...outcome];
}

function sizeOf(lines: readonly Line[]): Pick<Box, 'width' | 'height' | 'lines'> {
  return { lines, width: widthOf(lines) + 2 * PADDING, height: lines.length * LINE + 2 * PADDING };
}

function labelSize(lines: readonly Line[]): { readonly width: number; readonly height: number } {
  return { width: widthOf(lines) + PADDING, height: lines.length * LINE };
}

function widthOf(lines: readonly Line[]): number {
  return Math.max(...lines.map(lineWidth));
}

/** The most width that a line takes, in pixels. */
export function lineWidth({ text, style }: Line): number {
  return textWidth(text, style === 'name' ? NAME_SIZE * BOLD : SMALL_SIZE);
}

/** A bold text is so much wider. */
const BOLD = 1.1;
