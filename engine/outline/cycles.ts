import type { Journey } from '../authoring/journey';
import type { Definitions, LeadsTo } from '../definitions/definitions';
import { enteringEvents, triggerType } from '../user/triggers';

/** A journey, and one that it surely leads to. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/**
 * Finds journeys that lead to one another without end: whoever enters one of them starts the next, or tracks the event by which
 * somebody enters it, on every path and before anything takes time. What depends on a check, on a filter or on the run so far can
 * end, so it is left out.
 * @returns one sentence for each journey that such a cycle leads back to
 */
export function endlessCycles({
  journeys,
  outlines,
}: Pick<Definitions, 'journeys' | 'outlines'>): ReadonlyMap<string, string> {
  const edges = journeys.flatMap(({ id }) => edgesFrom(id, outlines.get(id)?.leadsTo ?? [], journeys));
  if (edges.length === 0) return new Map();
  return new Map(
    journeys.flatMap(({ id }) => {
      const cycle = wayFrom(id, id, edges, new Set());
      return cycle ? [[id, `${id} goes on without end: ${cycle.map(({ text }) => text).join('; ')}. ${ADVICE}`]] : [];
    }),
  );
}

const ADVICE = 'Let one of them take time, or decide by a check.';

function edgesFrom(from: string, leadsTo: readonly LeadsTo[], journeys: readonly Journey[]): Edge[] {
  return leadsTo.flatMap((step) =>
    'journey' in step
      ? journeys
          .filter((journey) => isStarted(journey, from, step.journey))
          .map(({ id }) => ({ from, to: id, text: `'${from}' starts '${id}'` }))
      : journeys
          .filter((journey) => isEnteredBy(journey, step.event))
          .map(({ id }) => ({ from, to: id, text: `'${from}' tracks '${step.event}', by which '${id}' is entered` })),
  );
}

/** Does every start of this journey let the same user enter, however often? One that starts itself is a mistake in any case. */
function isStarted({ id, reenter }: Journey, from: string, started: string): boolean {
  return id === started && (id === from || reenter === 'always' || reenter === 'restart');
}

/** Does every event of this name let somebody enter, if they may? */
function isEnteredBy(journey: Journey, name: string): boolean {
  const { enter } = journey;
  if (triggerType(enter).entersByEvent === undefined) return false;
  return enteringEvents(journey).some((event) => event.name === name && !event.filters);
}

/** The way from one journey to another; null when there is none. */
function wayFrom(from: string, to: string, edges: readonly Edge[], seen: Set<string>): readonly Edge[] | null {
  for (const edge of edges.filter((one) => one.from === from && !seen.has(one.to))) {
    seen.add(edge.to);
    if (edge.to === to) return [edge];
    const rest = wayFrom(edge.to, to, edges, seen);
    if (rest) return [edge, ...rest];
  }
  return null;
}
