import { z } from 'zod';
import type { Occurrence } from '../../authoring/event';
import { fields } from '../../authoring/fields';
import { duration, timeOfDay } from '../../authoring/json-fields';
import type { Trigger } from '../../authoring/trigger';
import { describeMs, toMs, type Duration } from '../../model/duration';
import { timeIn } from '../../model/instant';
import type { JsonObject } from '../../model/json';
import { dayOf, dayText, startOf, yearOf } from '../../model/local-day';
import { getOwn } from '../../model/own-property';
import { trait, type TraitTime } from '../../model/trait-time';
import { parseTime, zoneOf, type LocalTime } from '../../model/zone';
import { byTurn, turnDue, type Prospect, type Schedule, type Turn } from '../schedules';
import { firstDay, isOpen, onDay } from './local-turn';
import { exampleNamed, type TriggerType } from './trigger-type';

/** Entry by a date in a trait: at it, a while before or after it, or on its day every year. */
export interface DateTrigger extends Trigger<Occurrence> {
  readonly kind: 'date';
  readonly trait: string;
  /** Milliseconds from the time in the trait to the entry; negative before it. Absent for an entry every year. */
  readonly offsetMs?: number;
  /** For an entry on its day every year: the local time. Absent otherwise. */
  readonly yearlyAt?: LocalTime['at'];
}

/** Enters users at the time in the trait. */
export function at(time: TraitTime): DateTrigger {
  return { kind: 'date', trait: time.trait, offsetMs: 0 };
}

/**
 * Enters users this long before the time in the trait: `before(trait('trialEndsAt'), '3 days')`.
 * @throws {TypeError} when the duration is not one
 */
export function before(time: TraitTime, by: Duration): DateTrigger {
  return { kind: 'date', trait: time.trait, offsetMs: -toMs(by) };
}

/**
 * Enters users this long after the time in the trait.
 * @throws {TypeError} when the duration is not one
 */
export function after(time: TraitTime, by: Duration): DateTrigger {
  return { kind: 'date', trait: time.trait, offsetMs: toMs(by) };
}

/**
 * Enters users every year on the day in the trait, at this local time. The trait is a date, with the year or without: `1990-03-01`,
 * `03-01`. In a year without 29 February, that is the 28th.
 * @throws {TypeError} when `at` is not a time of day
 */
export function yearly(date: TraitTime, when: { readonly at: LocalTime['at'] }): DateTrigger {
  const given: unknown = when;
  if (given === undefined) throw new TypeError("yearly: expected the local time, such as { at: '10:00' }.");
  parseTime(when.at);
  return { kind: 'date', trait: date.trait, yearlyAt: when.at };
}

const form = fields({
  kind: z.literal('date').meta({
    description:
      'Lets users enter by a date in one of their traits: at it unless `before`, `after` or `yearly` is given, of which there may be one',
  }),
  trait: z.string().min(1).max(100).meta({ description: 'The trait of the user that has the date' }),
  before: duration.exactOptional().meta({ description: 'How long before the date the user enters' }),
  after: duration.exactOptional().meta({ description: 'How long after the date the user enters' }),
  yearly: fields({
    at: timeOfDay.meta({
      type: 'string',
      description: "Hours and minutes, 00:00 to 23:59, on the user's own clock",
      examples: ['10:00'],
    }),
  })
    .exactOptional()
    .meta({ description: 'Every year on the day of the date, at this local time' }),
}).refine((one) => [one.before, one.after, one.yearly].filter((kind) => kind !== undefined).length <= 1, {
  message: 'must have only one of before, after and yearly',
});

export const DATE = {
  kind: 'date',
  text: describe,
  events: () => [],

  admissions: (trigger, journey, occasion, draft, logicalTime) =>
    occasion.kind === 'time' ? byTurn(scheduleOf(trigger), journey, 'date', draft, logicalTime) : [],
  dueAt: (trigger, journey, draft) => turnDue(scheduleOf(trigger), journey, draft),
  schedule: scheduleOf,
  awaits: () => [],

  examples: ({ kind }) => [exampleNamed(kind)],

  json: { schema: form, read: fromForm, events: () => [] },
} satisfies TriggerType<DateTrigger, z.infer<typeof form>>;

function fromForm(one: z.infer<typeof form>): DateTrigger {
  const time = trait(one.trait);
  if (one.yearly) return yearly(time, one.yearly);
  if (one.before !== undefined) return before(time, one.before);
  return one.after === undefined ? at(time) : after(time, one.after);
}

function describe({ trait: name, offsetMs = 0, yearlyAt }: DateTrigger): string {
  if (yearlyAt !== undefined) return `yearly on ${name} at ${yearlyAt}`;
  if (offsetMs === 0) return `at ${name}`;
  return `${describeMs(Math.abs(offsetMs))} ${offsetMs < 0 ? 'before' : 'after'} ${name}`;
}

function scheduleOf({ trait: name, offsetMs = 0, yearlyAt }: DateTrigger): Schedule {
  if (yearlyAt === undefined) {
    const instantOf = (traits: JsonObject): number | null => {
      const time = timeIn(traits, name);
      return time === null ? null : time + offsetMs;
    };
    return {
      trait: name,
      madeOf: (traits) => instantOf(traits)?.toString() ?? null,
      zoneOf: () => null,
      next: (prospect) => once(instantOf(prospect.traits), prospect),
    };
  }
  return {
    trait: name,
    madeOf(traits) {
      const date = dateIn(getOwn(traits, name));
      return date && `${date.month}-${date.day} ${yearlyAt}`;
    },
    zoneOf,
    next(prospect) {
      const date = dateIn(getOwn(prospect.traits, name));
      return date && everyYear(date, yearlyAt, prospect);
    },
  };
}

/** The only turn of an instant. One that was over when the instant became known does not count. */
function once(instant: number | null, { since, last, notBefore }: Prospect): Turn | null {
  if (instant === null || instant < Math.max(since, notBefore) || last === instant) return null;
  return { id: instant, at: instant };
}

/** A day of any year. */
interface Anniversary {
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** A date with a year, a time behind it or neither; `--03-01` is how ISO 8601 writes one without a year. */
const DATE_TEXT = /^(?:\d{4}-|--)?(\d{2})-(\d{2})(?:T.*)?$/;

/** The day in a trait; null when it has none. */
function dateIn(value: unknown): Anniversary | null {
  const match = typeof value === 'string' ? DATE_TEXT.exec(value) : null;
  if (!match) return null;
  const [month, day] = [Number(match[1]), Number(match[2])];
  // The year 2000 has a 29 February.
  return dayText(dayOf(2000, month, day)) === `2000-${match[1]}-${match[2]}` ? { month, day } : null;
}

/** The next turn of a day of the year. The day on which the date became known counts, whatever the hour. */
function everyYear({ month, day }: Anniversary, time: LocalTime['at'], prospect: Prospect): Turn | null {
  const zone = zoneOf(prospect.traits);
  const first = yearOf(firstDay(prospect, zone));
  for (let year = first; year <= first + 2; year++) {
    const date = Math.min(dayOf(year, month, day), dayOf(year, month + 1, 0));
    const turn = onDay(date, time, zone);
    if (startOf(date + 1, zone) > prospect.since && isOpen(date, turn, zone, prospect)) return turn;
  }
  return null;
}
