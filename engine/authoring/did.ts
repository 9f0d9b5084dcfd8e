import { z } from 'zod';
import { ANY_EVENT_NAME } from '../model/activity';
import type { Duration } from '../model/duration';
import type { Json } from '../model/json';
import { traitChangedBy } from '../model/trait-change';
import type { LocalMoment } from '../model/zone';
import type { AnyOf, EventDefinition, Occurrence, OccurrenceOf } from './event';
import { fields } from './fields';
import { tests } from './filter';
import { duration, eventName, readEvent, type NarrowedForm } from './json-fields';

/** How far back to look. */
export interface Within {
  /** Only events that happened this long ago at most, counted back from `now`. Default: from the beginning. */
  readonly within?: Duration;
}

/** The name of a property, or of a nested one with dots: `'total'`, `'price.amount'`. */
type PropertyOf<Event extends Occurrence<unknown>> = (keyof Event['properties'] & string) | `${string}.${string}`;

/** An event that the user did, and what the clock showed them when they did it. */
export type DoneEvent<Event extends Occurrence<unknown> = Occurrence> = Event & { readonly local: LocalMoment };

/**
 * What the user did of an event or a choice of events: everything that was received up to the time of the step, whether or not a
 * journey awaited it. The latest 10,000 events of a name count.
 */
export interface EventsDone<Event extends Occurrence<unknown> = Occurrence> {
  /** How often. */
  count(options?: Within): number;
  /** The sum of a property. Events on which it is not a number count as 0. */
  sum(property: PropertyOf<Event>, options?: Within): number;
  /** The days on which it happened, each once, in order, as dates of the user's own calendar: `'2026-01-05'`. */
  days(options?: Within): string[];
  /** On how many days running, up to today. If it has not happened today yet, up to yesterday. */
  streak(): number;
  /** The events in the order they happened: the latest 100. */
  list(options?: Within): DoneEvent<Event>[];
  /** The first event; null when there is none. */
  readonly first: DoneEvent<Event> | null;
  /** The latest event; null when there is none. */
  readonly last: DoneEvent<Event> | null;
}

/** What the user did, and what everybody did who belongs to a group of theirs. */
export interface AskedEvents<Event extends Occurrence<unknown> = Occurrence> extends EventsDone<Event> {
  /** The same of all who belong to the user's group of this type at the time of the step. Default: of their company. */
  of(group?: string): EventsDone<Event>;
}

/** Asks what the user did. */
export type Did = <const Asked extends EventDefinition<unknown> | AnyOf>(
  asked: Asked,
) => AskedEvents<OccurrenceOf<Asked>>;

const askedFor = eventName
  .refine((name) => name !== ANY_EVENT_NAME, 'must be the name of an event')
  .refine((name) => traitChangedBy(name) === null, 'must not be the change of a trait');
const askedEvent: z.ZodType<AskedForm> = z.union([
  askedFor,
  fields({ event: askedFor, where: tests.exactOptional(), of: z.string().min(1).max(100).exactOptional() }),
]);

/** An event in a question, with the type of the group whose members are meant instead of the user. */
type AskedForm = string | (NarrowedForm & { readonly of?: string });

/** A question in a condition: what the user did of an event. */
export type Question =
  | readonly [event: AskedForm, question: 'count' | 'days', within?: Duration]
  | readonly [event: AskedForm, question: 'sum', property: string, within?: Duration]
  | readonly [event: AskedForm, question: 'streak' | 'first' | 'last'];

const property = z.string().min(1).max(200);
const questions = z.union([
  z.tuple([askedEvent, z.literal(['count', 'days'])]),
  z.tuple([askedEvent, z.literal(['count', 'days']), duration]),
  z.tuple([askedEvent, z.literal('sum'), property]),
  z.tuple([askedEvent, z.literal('sum'), property, duration]),
  z.tuple([askedEvent, z.literal(['streak', 'first', 'last'])]),
]);

/** The schema of a question in a condition. The union alone would report its mistakes at the place of the whole condition. */
export const question: z.ZodType<Json[]> = z
  .array(z.json())
  .refine(
    (value) => questions.safeParse(value).success,
    "must be a question, such as ['Order Placed', 'count', '30 days']: an event, then count or days, sum and a property, streak, first or last",
  )
  .meta({
    id: 'Question',
    description:
      "What the user did of an event: how often (`count`), on how many days (`days`), the `sum` of a property, on how many days running (`streak`), and when for the `first` or `last` time, in epoch milliseconds. `count`, `days` and `sum` may end with a span of time. An event with `of` is asked of all who belong to the user's group of that type",
    examples: [['Order Placed', 'count', '30 days']],
  });

/** The answer to a question. Times are epoch milliseconds; null when there is none. */
export function answerTo(asked: Question, did: Did): number | null {
  const event = readEvent(asked[0], (name) => ({ kind: 'event', name, schema: null, example: {} }));
  const ofUser = did(event as EventDefinition);
  const of = typeof asked[0] === 'string' ? undefined : asked[0].of;
  const done = of === undefined ? ofUser : ofUser.of(of);
  if (asked[1] === 'sum') return done.sum(asked[2], back(asked[3]));
  if (asked[1] === 'count') return done.count(back(asked[2]));
  if (asked[1] === 'days') return done.days(back(asked[2])).length;
  return asked[1] === 'streak' ? done.streak() : (done[asked[1]]?.at ?? null);
}

function back(within: Duration | undefined): Within {
  return within === undefined ? {} : { within };
}
