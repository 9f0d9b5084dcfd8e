import { z } from 'zod';
import type { EventDefinition } from '../../authoring/event';
import type { Journey } from '../../authoring/journey';
import type { Trigger } from '../../authoring/trigger';
import { counterOf } from '../counters';
import type { Definitions } from '../../definitions/definitions';
import type { JsonObject } from '../../model/json';
import type { UserEvent } from '../../model/state';
import type { Draft } from '../draft';
import type { Admission } from '../entry';
import { noteSchedule } from '../schedules';
import { CALENDAR } from './calendar';
import { DATE } from './date';
import { EVENT } from './event';
import { INACTIVITY } from './inactivity';
import { MANUAL } from './manual';
import { MILESTONE } from './milestone';
import { STAGE } from './stage';
import type { ExampleTrigger, Occasion, TriggerType } from './trigger-type';

/** Every kind of trigger. To add one, write its file and list it here. */
const TRIGGER_TYPES = {
  event: EVENT,
  anyOf: EVENT,
  milestone: MILESTONE,
  inactivity: INACTIVITY,
  stage: STAGE,
  date: DATE,
  calendar: CALENDAR,
  manual: MANUAL,
};

const TYPES_BY_KIND: ReadonlyMap<string, TriggerType> = new Map(Object.entries<TriggerType>(TRIGGER_TYPES));

/** The names of all kinds. */
export const TRIGGER_KINDS: readonly string[] = Object.keys(TRIGGER_TYPES);

type Form = z.output<(typeof TRIGGER_TYPES)[keyof typeof TRIGGER_TYPES]['json']['schema']>;

// A type that stands for two kinds has one form.
const [first, ...others] = new Set(Object.values(TRIGGER_TYPES).map(({ json }) => json.schema));

/** The schema of a trigger in a journey made of data. It reports the field that is wrong. */
export const triggerForm: z.ZodType<Form> = z.discriminatedUnion('kind', [first ?? MANUAL.json.schema, ...others]);

/**
 * Everything the engine knows about the kind of a trigger.
 * @throws {TypeError} when there is no such kind
 */
export function triggerType({ kind }: { readonly kind: string }): TriggerType {
  const type = TYPES_BY_KIND.get(kind);
  if (!type)
    throw new TypeError(`'${kind}' is not a kind of trigger. Expected ${Object.keys(TRIGGER_TYPES).join(', ')}.`);
  return type;
}

/**
 * The admissions of the user at this occasion, in the order of the journeys.
 * @param logicalTime epoch milliseconds
 */
export function admissionsAt(
  journeys: readonly Journey[],
  occasion: Occasion,
  draft: Draft,
  logicalTime: number,
): Admission[] {
  const admissions: Admission[] = [];
  for (const journey of journeys) {
    const { enter } = journey;
    // Nearly always there is none.
    for (const admission of triggerType(enter).admissions(enter, journey, occasion, draft, logicalTime))
      admissions.push(admission);
  }
  return admissions;
}

/**
 * When time alone will let the user enter a journey, epoch milliseconds.
 * @returns null when it never will
 */
export function entryDue(journey: Journey, draft: Draft): number | null {
  return triggerType(journey.enter).dueAt?.(journey.enter, journey, draft) ?? null;
}

/** Can every user enter by time alone? Then the journey matters to every user from their first event on. */
export function entersByTime({ enter }: Pick<Journey, 'enter'>): boolean {
  return triggerType(enter).dueAt !== undefined && traitRead({ enter }) === null;
}

/** The trait with the date by which users enter; null if they enter by something else. */
export function traitRead({ enter }: Pick<Journey, 'enter'>): string | null {
  return triggerType(enter).schedule?.(enter).trait ?? null;
}

/** Does the calendar let every user enter? */
export function entersByCalendar({ enter }: Pick<Journey, 'enter'>): boolean {
  return triggerType(enter).schedule?.(enter).trait === null;
}

/** Do these traits make a new user known to the engine, without any event? */
export function isMetBy(
  { dates, hasCalendar }: Pick<Definitions, 'dates' | 'hasCalendar'>,
  traits: JsonObject,
): boolean {
  const names = Object.keys(traits);
  return names.some((name) => hasCalendar || dates.includes(name));
}

/**
 * Notes what the turns of dates and of the calendar are made of, where that has changed.
 * @param arrived the events that arrive at this instant
 * @param logicalTime epoch milliseconds
 */
export function noteSchedules(
  journeys: readonly Journey[],
  draft: Draft,
  arrived: readonly UserEvent[],
  logicalTime: number,
): void {
  for (const journey of journeys) {
    const schedule = triggerType(journey.enter).schedule?.(journey.enter);
    if (schedule) noteSchedule(schedule, journey, draft, arrived, logicalTime);
  }
}

/** The events that triggers count, each once. */
export function countedEvents(journeys: readonly Pick<Journey, 'enter'>[]): readonly EventDefinition<unknown>[] {
  const known = counted.get(journeys);
  if (known) return known;
  const all = journeys.flatMap(({ enter }) => triggerType(enter).counts?.(enter) ?? []);
  const events = [...new Map(all.map((event) => [counterOf(event), event])).values()];
  counted.set(journeys, events);
  return events;
}

/** The events are asked for at every event, and a list of journeys never changes. */
const counted = new WeakMap<readonly Pick<Journey, 'enter'>[], readonly EventDefinition<unknown>[]>();

/** The names of the events that triggers count by name alone. The store tells how many came before. */
export function countedNames(journeys: readonly Pick<Journey, 'enter'>[]): readonly string[] {
  return countedEvents(journeys).flatMap(({ name, filters }) => (filters ? [] : [name]));
}

/** The events that a journey's trigger names. */
export function enteringEvents({ enter }: Pick<Journey, 'enter'>): readonly EventDefinition<unknown>[] {
  return triggerType(enter).events(enter);
}

/** Examples of the events that let users enter, for diagrams, template checks and tests. */
export function exampleTriggers({ enter }: Pick<Journey, 'enter'>): readonly [ExampleTrigger, ...ExampleTrigger[]] {
  return triggerType(enter).examples(enter);
}

/** What lets users enter, in words. */
export function triggerText(trigger: Trigger): string {
  return triggerType(trigger).text(trigger);
}

export type { Occasion, TriggerType } from './trigger-type';
export { every, type CalendarTrigger } from './calendar';
export { after, at, before, yearly, type DateTrigger } from './date';
export { inactivity, type InactivityTrigger } from './inactivity';
export { manual, type ManualTrigger } from './manual';
export { milestone, type MilestoneTrigger } from './milestone';
export { stage, type StageTrigger } from './stage';
