import { FRESHNESS_MS } from '../model/limits';
import type { Definitions } from '../definitions/definitions';
import { countedEvents } from '../user/triggers';

/** What of a user's past the definitions may still need. Spans are milliseconds, `Infinity` for all of the past. */
export interface NeededHistory {
  /** How far back steps and counts look, by the name of the event, whoever is in a run. A name that is absent is not looked for. */
  readonly lookBack: ReadonlyMap<string, number>;
  /** The names of the events that runs in progress look for, back to their own beginning. */
  readonly ofOpenRuns: readonly string[];
  /** No event that is younger than this may be missing: it could let the user enter once more if it came again. */
  readonly freshnessMs: number;
  /** By journey with keys, how long the last run of a key is needed to tell whether the user may enter again. */
  readonly lastRuns: ReadonlyMap<string, number>;
}

/** What of a user's past these definitions may still need. */
export function neededHistory(definitions: Definitions): NeededHistory {
  const { journeys, lifecycle, looksBackFor, lookBack } = definitions;
  // A milestone counts again after an edit, and a late event changes the stage as if it had come in time.
  const forEver = [
    ...countedEvents(journeys).map(({ name }) => name),
    ...lifecycle.rules.flatMap(({ when }) => (when.kind === 'event' ? [when.name] : [])),
  ];
  return {
    lookBack: new Map([...lookBack, ...forEver.map((name) => [name, Infinity] as const)]),
    ofOpenRuns: looksBackFor,
    freshnessMs: Math.max(0, ...journeys.map(({ freshness = FRESHNESS_MS }) => freshness)),
    lastRuns: new Map(
      journeys
        .filter(({ key }) => key !== null)
        .map(({ id, reenter }) => [id, typeof reenter === 'number' ? reenter : reenter === 'never' ? Infinity : 0]),
    ),
  };
}
