import type { Outline, OutlineStep } from '../../../engine/definitions/definitions';
import { inOneRound } from '../../../engine/outline/rounds';
import { stepType } from '../../../engine/replay/steps';
import type { JourneyReport, WayReport } from '../../../engine/simulate/journey-report';

/** The ids of the two nodes that are no steps. */
const ENTER = 'enter';
const END = 'end';

/** A node of the diagram: a step, the entry or the end. */
export interface FlowNode {
  readonly id: string;
  readonly kind: OutlineStep['kind'] | 'enter' | 'end';
  /** The name of the step, or the trigger. */
  readonly name: string;
  /** The arguments of the step. */
  readonly text: string;
  /** Whether the step sends a message. */
  readonly sends: boolean;
  /** The number of entries that came here. */
  readonly entries: number;
  /** Entries that were still in the step at the end of the simulation. */
  readonly inside: number;
  /** Why entries left from here without the journey's code, and how many; the most frequent reason first. */
  readonly left: readonly { readonly reason: string; readonly entries: number }[];
}

/** An edge of the diagram. */
export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  /** The outcomes that lead here; empty if there is only one way on. */
  readonly when: readonly string[];
  readonly people: number;
  readonly entries: number;
}

/** A journey as a graph, with the people on its edges. */
export interface FlowGraph {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

/** What a diagram needs of a journey. `entersBy` is its trigger as text. */
export interface FlowSource {
  readonly outline: Pick<Outline, 'steps' | 'edges'>;
  readonly entersBy: string;
}

/** Puts the ways that people took on the outline of a journey. All rounds of a long loop are one. */
export function flowGraph(
  { entered, ways }: Pick<JourneyReport, 'entered' | 'ways'>,
  { outline, entersBy }: FlowSource,
): FlowGraph {
  const { steps, edges, nameOf } = inOneRound(outline);
  const idOf = (step: string): string => `step ${nameOf(step)}`;
  const fromId = (step: string | null): string => (step === null ? ENTER : idOf(step));
  const toId = (step: string | null): string => (step === null ? END : idOf(step));
  const found = new Map<string, { from: string; to: string; when: string[]; people: number; entries: number }>();
  const edge = (from: string, to: string): { when: string[]; people: number; entries: number } => {
    const key = JSON.stringify([from, to]);
    const known = found.get(key) ?? { from, to, when: [], people: 0, entries: 0 };
    found.set(key, known);
    return known;
  };
  for (const { from, to, when } of edges) {
    const { when: all } = edge(fromId(from), toId(to));
    if (when !== '' && !all.includes(when)) all.push(when);
  }
  const left = ways.filter((way) => way.left !== '');
  for (const { from, to, people, entries } of ways.filter((way) => way.left === '')) {
    const taken = edge(fromId(from), toId(to));
    // Rounds of a loop that are drawn as one: those who took one of them may have taken another too.
    taken.people = Math.max(taken.people, people);
    taken.entries += entries;
  }
  const drawn = [...found.values()];
  const into = (id: string): number => total(drawn.filter(({ to }) => to === id));
  const outOf = (id: string): number => total(drawn.filter(({ from }) => from === id));
  const node = (id: string, step: Pick<FlowNode, 'kind' | 'name' | 'text' | 'sends'>, entries = into(id)): FlowNode => {
    const leaving = leavingFrom(left.filter(({ from }) => fromId(from) === id));
    const inside = id === END ? 0 : entries - outOf(id) - total(leaving);
    return { id, ...step, entries, inside, left: leaving };
  };
  // A loop may have more rounds than the outline has walked.
  const known = new Set(steps.map(({ step }) => step));
  const further = ways.flatMap(({ to }) => (to === null || known.has(nameOf(to)) ? [] : [nameOf(to)]));
  return {
    nodes: [
      node(ENTER, { kind: 'enter', name: entersBy, text: '', sends: false }, entered),
      ...steps.map(({ step, kind, text }) =>
        node(idOf(step), { kind, name: step, text, sends: stepType(kind).holdsMessages === true }),
      ),
      ...[...new Set(further)].map((step) => node(idOf(step), { kind: 'check', name: step, text: '', sends: false })),
      node(END, { kind: 'end', name: 'end', text: '', sends: false }),
    ],
    edges: drawn,
  };
}

function leavingFrom(ways: readonly WayReport[]): FlowNode['left'] {
  const reasons = new Map<string, number>();
  for (const { left, entries } of ways) reasons.set(left, (reasons.get(left) ?? 0) + entries);
  return [...reasons].map(([reason, entries]) => ({ reason, entries })).sort((a, b) => b.entries - a.entries);
}

function total(rows: readonly { readonly entries: number }[]): number {
  return rows.reduce((sum, { entries }) => sum + entries, 0);
}
