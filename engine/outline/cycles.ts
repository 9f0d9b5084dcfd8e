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
 * Finds journeys that lead to one another without end: whoever enters one of them tracks the event by which somebody enters the next, on
 * every path and before anything takes time. What depends on a check, on a filter or on the run so far can end, so it is left out.
 * @returns one sentence for each journey that such a cycle leads back to
 */
export function endlessCycles({ journeys, outlines }: Definitions): ReadonlyMap<string, string> {
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
  return leadsTo.flatMap(({ event }) =>
    journeys
      .filter((journey) => isEnteredBy(journey, event))
      .map(({ id }) => ({ from, to: id, text: `'${from}' tracks '${event}', by which '${id}' is entered` })),
  );
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
