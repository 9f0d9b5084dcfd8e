import { z } from 'zod';
import { INTERNAL_PREFIX } from '../model/activity';
import { endedName } from '../model/ended';
import { JOURNEY_ID } from '../model/ids';
import { toMs, type Duration } from '../model/duration';
import { readTimeOfDay, requireZone, type LocalTime } from '../model/zone';
import { anyOf, narrowed, type AnyOf, type EventDefinition } from './event';
import { fields } from './fields';
import { tests, type Tests } from './filter';

/*
 * The fields of journeys made of data. Each kind of trigger and of step builds its own form from them.
 */

/** The form of a trigger or a step as data. Its `kind` says which one it is. */
export interface JsonForm {
  readonly kind: string;
}

/** The schema of a form. It can be a member of a union that is discriminated by `kind`. */
export type FormSchema<Form> = z.ZodType<Form> & z.core.$ZodTypeDiscriminable;

/** Finds an event by its name. */
export type Lookup = (name: string) => EventDefinition<unknown>;

/** The place of something in a definition: the keys and indexes that lead to it. */
export type Path = readonly (string | number)[];

/** The name of an event in a definition, and its place. */
export interface NamedEvent {
  readonly name: string;
  readonly path: Path;
  /** What narrows it, and the place of that. */
  readonly where?: { readonly tests: Tests; readonly path: Path };
}

/** An event in a definition, with what narrows it. */
export interface NarrowedForm {
  readonly event: string;
  readonly where?: Tests;
}

/** In a definition, the end of a journey that the run has started, with what narrows it. */
export interface EndedForm {
  readonly ended: string;
  readonly where?: Tests;
}

/** An event in a list of a definition: its name, its name and what narrows it, or the end of a journey. */
export type EventForm = string | NarrowedForm | EndedForm;

/** An event in a definition, with what narrows it, or a list any one of which is meant. */
export interface ChoiceForm {
  readonly event: string | readonly EventForm[];
  readonly where?: Tests;
}

/** A mistake in a definition, and its place. */
export interface Mistake {
  readonly path: Path;
  readonly message: string;
}

/** Is the duration short enough for `toMs`? The pattern has ruled out its other errors. */
function isShortEnough(text: Duration): boolean {
  try {
    return toMs(text) >= 0;
  } catch {
    return false;
  }
}

function isZone(name: string): boolean {
  try {
    return requireZone(name) !== '';
  } catch {
    return false;
  }
}

/** A span of time. */
export const duration = z
  .custom<Duration>(
    (value) => typeof value === 'string' && /^\d+(\.\d+)? (millisecond|second|minute|hour|day|week)s?$/.test(value),
    "must be a duration such as '48 hours' or '14 days'",
  )
  .refine(isShortEnough, 'must be 36500 days (100 years) at most')
  .meta({ type: 'string', examples: ['48 hours', '14 days'] });

/** The name of an event. */
export const eventName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !text.startsWith(INTERNAL_PREFIX), `must not begin with ${INTERNAL_PREFIX}`)
  .meta({ description: 'An event of the catalogue or of `events`' });

/** The name of an awaited event; `*` is anything the user does. */
export const awaitedName = eventName.meta({
  description: 'An event of the catalogue or of `events`; * is anything the user does',
});

/** The id of a journey. */
export const journeyId = z
  .string()
  .regex(JOURNEY_ID, 'must be the id of a journey')
  .meta({ examples: ['course'] });

const endedId = journeyId.meta({ description: 'A journey that the run has started: its end is meant' });
const narrowedEvent = fields({ event: eventName, where: tests.exactOptional() });

/** An event that lets a user enter: its name, or its name and what narrows it. */
const enteringEvent: z.ZodType<EventForm> = z.union(
  [awaitedName, narrowedEvent],
  'must be the name of an event, or { event, where }',
);

/** An awaited event: its name, its name and what narrows it, or the end of a journey that the run has started. */
export const awaitedEvent: z.ZodType<EventForm> = z.union(
  [awaitedName, narrowedEvent, fields({ ended: endedId, where: tests.exactOptional() })],
  'must be the name of an event, { event, where } or { ended, where }',
);

/** The fields of a form that has an event, or a list any one of which is meant. */
export const eventChoice = {
  event: z.union(
    [awaitedName, z.array(enteringEvent).min(1).max(20)],
    'must be the name of an event, or a list of events',
  ),
  where: tests.exactOptional(),
};

/** The same, for a form that may also have the end of a journey in its list. */
export const awaitedChoice = {
  ...eventChoice,
  event: z.union(
    [awaitedName, z.array(awaitedEvent).min(1).max(20)],
    'must be the name of an event, or a list of events',
  ),
};

/** For `refine`: in a list, each event has its own filter beside it. */
export const narrowsOne: [check: (form: ChoiceForm) => boolean, params: { path: string[]; message: string }] = [
  ({ event, where }) => typeof event === 'string' || where === undefined,
  { path: ['where'], message: 'must stand beside one event: in a list, write { event, where }' },
];

/** The event that a form means. */
export function readEvent(form: EventForm, lookup: Lookup): EventDefinition<unknown> {
  const event = lookup(nameOf(form));
  return typeof form !== 'string' && form.where ? narrowed(event, form.where) : event;
}

/** The event, or choice of events, that a form means. */
export function readChoice({ event, where }: ChoiceForm, lookup: Lookup): EventDefinition<unknown> | AnyOf {
  return typeof event === 'string'
    ? readEvent({ event, ...(where && { where }) }, lookup)
    : anyOf(...event.map((one) => readEvent(one, lookup)));
}

/**
 * The events that a form names.
 * @param path the place of the form
 */
export function namedChoice({ event, where }: ChoiceForm, path: Path = []): NamedEvent[] {
  return typeof event === 'string'
    ? [namedEvent({ event, ...(where && { where }) }, path)]
    : event.map((one, index) => namedEvent(one, [...path, 'event', index]));
}

/**
 * The event that a form names.
 * @param path the place of the form
 */
export function namedEvent(form: EventForm, path: Path = []): NamedEvent {
  const name = nameOf(form);
  if (typeof form === 'string') return { name, path };
  const { where } = form;
  const named = { name, path: [...path, 'ended' in form ? 'ended' : 'event'] };
  return where ? { ...named, where: { tests: where, path: [...path, 'where'] } } : named;
}

/** The name of the event that a form means. */
export function nameOf(form: EventForm): string {
  if (typeof form === 'string') return form;
  return 'ended' in form ? endedName(form.ended) : form.event;
}

/** A time of day. */
export const timeOfDay = z.custom<LocalTime['at']>(
  (value) => typeof value === 'string' && readTimeOfDay(value) !== null,
  "must be a time of day such as '09:00'",
);

const time = timeOfDay.meta({ type: 'string', examples: ['09:00'] });
const weekday = z.literal([1, 2, 3, 4, 5, 6, 7]);
const weekdays = z.array(weekday).min(1).max(7);
const zone = z
  .string()
  .max(64)
  .refine(isZone, "must be an IANA time zone such as 'Europe/Berlin'")
  .meta({ description: "Default: the user's own time zone" });

/** A time of the local calendar. */
export const localTime = fields({
  weekday: weekday.exactOptional().meta({ description: '1 is Monday, 7 is Sunday. Default: any day' }),
  weekdays: weekdays
    .exactOptional()
    .meta({ description: 'One of several weekdays. 1 is Monday, 7 is Sunday. Default: any day' }),
  day: z
    .int()
    .min(1)
    .max(31)
    .exactOptional()
    .meta({ description: 'The day of the month. In a month without that day, it is the last one. Default: any day' }),
  at: time.meta({ description: 'Hours and minutes, 00:00 to 23:59' }),
  zone: zone.exactOptional(),
});

/** Hours of the local calendar. */
export const localHours = fields({
  between: z
    .tuple([time, time])
    .meta({ description: 'From the first time to before the second, which may be on the next day' }),
  weekdays: weekdays
    .exactOptional()
    .meta({ description: 'The weekdays on which the hours begin. 1 is Monday, 7 is Sunday. Default: any day' }),
  zone: zone.exactOptional(),
});

/** A JSON object. */
export const json = z.record(z.string(), z.json());

/** The name of a step, a stage, a badge and the like. */
export const name = z.string().trim().min(1).max(100);

/** The name of a step. */
export const stepName = name.meta({ description: 'Unique within the journey. Edits are matched by it' });

/** The mistakes of a list whose items must have different keys: one for each item that repeats the key of an earlier item. */
export function repeated<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  path: Path,
  field: string,
): Mistake[] {
  const keys = items.map(keyOf);
  return keys.flatMap((key, index) =>
    keys.indexOf(key) === index ? [] : [{ path: [...path, index, field], message: `'${key}' is listed twice.` }],
  );
}
