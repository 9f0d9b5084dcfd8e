import type { AskedEvents, DoneEvent, EventsDone, Within } from '../authoring/did';
import { definitionsOf, type EventDefinition } from '../authoring/event';
import { exampleOf } from '../authoring/example';
import type { Facts } from '../authoring/journey';
import { toMs } from '../model/duration';
import type { Json, JsonObject } from '../model/json';
import { exampleFacts } from '../replay/steps/facts';

/** By the name of an event, how far back steps ask for it, milliseconds; `Infinity` for all of the past. */
export type LookBack = ReadonlyMap<string, number>;

/** The most numbers of a function that are tried. */
const MOST_NUMBERS = 30;
/** More than a function is likely to compare with. */
const MUCH = 1_000_000;

/** Somebody who did everything this often. A property of all events together is `total`. */
interface Person {
  readonly times: number;
  readonly total: number;
  readonly facts: Facts;
}

/**
 * How far back a function asks what the user did. It is called for people who did nothing, and for people who did everything as often
 * as a number in its code. What it asks of other people only is not found.
 * @param traits example traits of a user
 */
export function lookBackOf(decide: (facts: Facts) => Json, traits: JsonObject): LookBack {
  const found = new Map<string, number>();
  const facts = exampleFacts(traits);
  for (const times of numbersIn(String(decide))) {
    // A sum has little to do with the number of the events.
    for (const total of [times, MUCH]) {
      try {
        const person = { times, total, facts };
        decide({ ...facts, did: (event) => asked(definitionsOf(event), person, found) as AskedEvents<never> });
      } catch {
        // The function fails for such people. What it asked before counts.
      }
    }
    if (found.size === 0) break;
  }
  return found;
}

/** 0, 1, the whole numbers in a text of code and those beside them. */
function numbersIn(code: string): readonly number[] {
  const numbers = [...code.matchAll(/\b\d{1,6}\b/g)].map(([text]) => Number(text)).slice(0, MOST_NUMBERS);
  return [...new Set([0, 1, MUCH, ...numbers.flatMap((n) => [n, n + 1, Math.max(0, n - 1)])])];
}

function asked(
  events: readonly EventDefinition<unknown>[],
  { times, total, facts: { now, local } }: Person,
  found: Map<string, number>,
): AskedEvents {
  const note = ({ within }: Within = {}): number => {
    const span = within === undefined ? Infinity : toMs(within);
    for (const { name } of events) found.set(name, Math.max(span, found.get(name) ?? 0));
    return times;
  };
  const once = (): DoneEvent | null => {
    const [event] = events;
    return note() > 0 && event ? { ...exampleOf(event), at: now + 1, local } : null;
  };
  const done: EventsDone = {
    count: note,
    sum: (_, options) => (note(options) > 0 ? total : 0),
    days: (options) => (note(options) > 0 ? [local.date] : []),
    streak: () => note(),
    list: (options) => (note(options) > 0 ? [once()].flatMap((event) => event ?? []) : []),
    get first() {
      return once();
    },
    get last() {
      return once();
    },
  };
  return Object.assign(Object.create(done) as EventsDone, { of: () => done });
}
