import type { AskedEvents, DoneEvent } from '../authoring/did';
import { definitionsOf, type EventDefinition } from '../authoring/event';
import { exampleOf } from '../authoring/example';
import type { Group } from '../authoring/groups';
import type { Facts, Journey } from '../authoring/journey';
import type { Json } from '../model/json';
import { daysBefore } from '../model/zone';

const DAY_MS = 86_400_000;
/** More different outcomes of one step are not walked: each is a path of its own. */
const MOST_OUTCOMES = 12;
/** Larger numbers in the code are no numbers of events. */
const MOST_EVENTS = 400;

/**
 * The outcomes of a pick that asks what the user did, or about a group of theirs: one for each number that the code may compare
 * with, and one beside each of these numbers.
 * @returns an empty list when the pick asks nothing
 */
export function outcomesByHistory<Value extends Json>(
  journey: Journey,
  decide: (facts: Facts) => Value,
  facts: Facts,
): readonly Value[] {
  if (!asks(decide, facts)) return [];
  const known = new Map<string, Value>();
  for (const times of numbersIn(`${String(decide)} ${String(journey.run)}`)) {
    const value = decide({
      ...facts,
      did: (asked) => doneSoOften(definitionsOf(asked)[0], times, facts) as never,
      group: (type) => groupOf(facts.group(type), times, facts),
    });
    if (known.size < MOST_OUTCOMES) known.set(JSON.stringify(value), value);
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

/** The answers of somebody who did something this often: once a day, the last time just now. */
function doneSoOften(event: EventDefinition<unknown> | undefined, times: number, { now, local }: Facts): AskedEvents {
  const example = event && exampleOf(event);
  const doneDaysAgo = (ago: number): DoneEvent | null =>
    example && ago >= 0 && ago < times
      ? { ...example, at: now - ago * DAY_MS, local: { ...local, date: daysBefore(local.date, ago) } }
      : null;
  const list = (): DoneEvent[] =>
    Array.from({ length: times }, (_, index) => doneDaysAgo(times - 1 - index) ?? []).flat();
  const done = {
    count: () => times,
    sum: () => times,
    days: () => list().map((one) => one.local.date),
    streak: () => times,
    list,
    first: doneDaysAgo(times - 1),
    last: doneDaysAgo(0),
  };
  return { ...done, of: () => done };
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
