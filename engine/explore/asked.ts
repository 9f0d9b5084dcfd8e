import type { AskedEvents, Did, DoneEvent, EventsDone, Within } from '../authoring/did';
import { definitionsOf, eventText, type EventDefinition } from '../authoring/event';
import { exampleOf } from '../authoring/example';
import type { Group } from '../authoring/groups';
import type { Facts, Journey } from '../authoring/journey';
import { toMs } from '../model/duration';
import type { Json } from '../model/json';
import { daysBefore } from '../model/zone';
import { livesOf, type Asked, type Life } from './lives';

const DAY_MS = 86_400_000;
/** More different outcomes of one step are not walked: each is a path of its own. */
const MOST_OUTCOMES = 12;
/** Larger numbers in the code are no numbers of events. */
const MOST_EVENTS = 400;

/**
 * The outcomes of a pick that asks what the user did, or about a group of theirs: one for each number that the code may compare
 * with, and one beside each of these numbers. The number within a span may be any that is not larger than the one within a longer span.
 * @returns an empty list when the pick asks nothing
 */
export function outcomesByHistory<Value extends Json>(
  journey: Journey,
  decide: (facts: Facts) => Value,
  facts: Facts,
): readonly Value[] {
  if (!asks(decide, facts)) return [];
  const numbers = numbersIn(`${String(decide)} ${String(journey.run)}`);
  const asked: Asked = { events: new Set(), spansMs: new Set() };
  const decided = (life: Life): Value =>
    decide({
      ...facts,
      did: didIn(life, asked, facts),
      group: (type) => groupOf(facts.group(type), life.number, facts),
    });
  // Only then is it known what it asks.
  for (const number of numbers) livesOf(number, numbers, { events: new Set(), spansMs: new Set() }).forEach(decided);
  const known = new Map<string, Value>();
  for (const life of numbers.flatMap((number) => livesOf(number, numbers, asked))) {
    if (known.size === MOST_OUTCOMES) break;
    const value = decided(life);
    known.set(JSON.stringify(value), value);
  }
  return [...known.values()];
}

function asks(decide: (facts: Facts) => Json, facts: Facts): boolean {
  let asked = false;
  decide({
    ...facts,
    did: (event) => {
      asked = true;
      return facts.did(event);
    },
    group: (type) => {
      asked = true;
      return facts.group(type);
    },
  });
  return asked;
}

/** The whole numbers in a text of code, and those beside them, from 0 on. */
function numbersIn(code: string): number[] {
  const numbers = [...code.matchAll(/\b\d+\b/g)].map(([text]) => Number(text)).flatMap((n) => [n - 1, n, n + 1]);
  return [...new Set([0, 1, ...numbers])].filter((n) => n >= 0 && n <= MOST_EVENTS).sort((a, b) => a - b);
}

/** The answers in a life. What is asked is noted. */
function didIn(life: Life, asked: Asked, facts: Facts): Did {
  return (event) => {
    const definitions = definitionsOf(event);
    const text = definitions.map(eventText).join(' or ');
    asked.events.add(text);
    const done = doneAgo(definitions[0], life.agoOf(text), asked, facts);
    return { ...done, of: () => done } as AskedEvents<never>;
  };
}

/** @param ago when it was done, milliseconds before now, the latest first */
function doneAgo(
  event: EventDefinition<unknown> | undefined,
  ago: readonly number[],
  { spansMs }: Asked,
  { now, local }: Facts,
): EventsDone {
  const example = event && exampleOf(event);
  const find = ({ within }: Within = {}): readonly number[] => {
    if (within === undefined) return ago;
    const spanMs = toMs(within);
    spansMs.add(spanMs);
    return ago.filter((ms) => ms <= spanMs);
  };
  const dateOf = (ms: number): string => daysBefore(local.date, Math.floor(ms / DAY_MS));
  const doneOnce = (ms: number | undefined): DoneEvent | null =>
    example && ms !== undefined ? { ...example, at: now - ms, local: { ...local, date: dateOf(ms) } } : null;
  return {
    count: (options) => find(options).length,
    sum: (_, options) => find(options).length,
    days: (options) => [...new Set(find(options).map(dateOf))].reverse(),
    streak: () => streakOf(new Set(ago.map((ms) => Math.floor(ms / DAY_MS)))),
    list: (options) =>
      find(options)
        .flatMap((ms) => doneOnce(ms) ?? [])
        .reverse(),
    first: doneOnce(ago.at(-1)),
    last: doneOnce(ago[0]),
  };
}

/** @param daysAgo the days on which it was done; today is 0 */
function streakOf(daysAgo: ReadonlySet<number>): number {
  let length = 0;
  while (daysAgo.has(length)) length++;
  return length;
}

/** The group with this number of members, and with the number in each trait of which no other value than a number is known. */
function groupOf(group: Group, number: number, { user }: Facts): Group {
  const traits = new Proxy(group.traits, {
    get(known, name) {
      const value: unknown = Reflect.get(known, name);
      return typeof value === 'number' || (value === undefined && typeof name === 'string') ? number : value;
    },
  });
  const members = Array.from({ length: number }, () => ({ id: user.id, lastSeenAt: user.lastSeenAt }));
  return { id: group.id ?? 'example', traits, members: { count: number, list: () => members } };
}
