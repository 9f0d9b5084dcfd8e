import { apply } from 'json-logic-js';
import { z } from 'zod';
import { eventFactsOf, eventPlace, type EventPlace } from '../../authoring/condition';
import type { InstantOptions, Steps } from '../../authoring/journey';
import { duration, localHours, localTime, stepName } from '../../authoring/json-fields';
import type { Duration } from '../../model/duration';
import { isInstant, readInstant, type Offset, type Time, type When } from '../../model/instant';
import type { Json } from '../../model/json';
import { nextLocal, nextWithin, parseTime, requireZone, zoneOf } from '../../model/zone';
import type { LocalHours, LocalTime, Weekday } from '../../model/zone';
import { readEvents, type ReadEvents } from './read-events';
import type { StepCall, StepForm, StepType } from './step-type';
import { deadline, waitUntil } from './waiting';

type Awaited = Pick<StepCall<boolean>, 'text' | 'progress' | 'branches'>;

/**
 * Waits for an instant, or for a time of the local calendar.
 * @throws {TypeError} when a time, a day, a zone or a duration is not one
 */
function sleepUntil(when: When, options: InstantOptions): StepCall<boolean> {
  return {
    kind: 'sleepUntil',
    ...(isInstant(when) ? untilInstant(when, options) : untilLocal(when)),
    skip: () => ({ outcome: null }),
    // Only an instant that was over leaves another outcome than null.
    answer: (outcome) => outcome !== false,
  };
}

function untilInstant(when: Time | Offset, { ifPast = 'now' }: InstantOptions): Awaited {
  const { at, text, reason } = readInstant(when);
  return {
    text,
    progress(context, record) {
      // During a pause the step was reached, but nothing of the journey could be done.
      const reachedAt = record.hold === 'paused' ? context.logicalTime : record.enteredAt;
      if (ifPast === 'skip' && at < reachedAt) return { done: { outcome: false, reason: `${reason}, which was over` } };
      return waitUntil(context, { until: deadline(context, record, at), reason });
    },
    ...(ifPast === 'skip' && {
      branches: () => [
        [IN_TIME, null],
        [PAST, false],
      ],
    }),
  };
}

/** The outcomes of an instant that is skipped if it is past. */
const IN_TIME = 'in time';
const PAST = 'past';

function untilLocal(when: LocalTime | LocalHours): Awaited {
  const times = 'between' in when ? when.between : [when.at];
  times.forEach(parseTime);
  const fixed = when.zone === undefined ? null : requireZone(when.zone);
  return {
    text: times.join(' to '),
    progress(context, record) {
      const zone = fixed ?? zoneOf(context.draft.traits);
      const next =
        'between' in when ? nextWithin(when, zone, record.enteredAt) : nextLocal(when, zone, record.enteredAt);
      const until = deadline(context, record, next);
      // Temporal shows reasons too. The zone belongs to the user, so it is a fact and not part of the reason.
      const own = fixed === null ? { facts: { zone }, zone } : {};
      return waitUntil(context, { until, reason: describe(when), ...own });
    },
  };
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function describe(when: LocalTime | LocalHours): string {
  if ('between' in when) return [daysText(when.weekdays), when.between.join(' to ')].filter(Boolean).join(' ');
  const { weekday, weekdays = [], day, at } = when;
  const days = daysText([weekday ?? [], weekdays].flat());
  return [days, day === undefined ? '' : `day ${day}`, at].filter(Boolean).join(' ');
}

function daysText(weekdays: readonly Weekday[] = []): string {
  return weekdays.map((weekday) => DAYS[weekday - 1] ?? '').join(', ');
}

/** A time in a journey made of data: text, or the place of it in an event. */
type TimeForm = string | EventPlace;

type WhenForm =
  | LocalTime
  | LocalHours
  | TimeForm
  | { readonly before: TimeForm; readonly by: Duration }
  | { readonly after: TimeForm; readonly by: Duration };

export interface SleepUntilForm extends StepForm {
  readonly kind: 'sleepUntil';
  readonly when: WhenForm;
  readonly ifPast?: 'now' | 'skip';
  readonly then?: readonly StepForm[];
  readonly otherwise?: readonly StepForm[];
}

const time: z.ZodType<TimeForm> = z.union(
  [z.iso.datetime({ offset: true }), z.iso.date(), eventPlace],
  "must be a time in ISO 8601 such as '2026-01-05T09:00:00Z', or { var } with its place in an event",
);

const whenForm: z.ZodType<WhenForm> = z.union(
  [
    localTime,
    localHours,
    time,
    z.strictObject({ before: time, by: duration }),
    z.strictObject({ after: time, by: duration }),
  ],
  'must be { at }, { between }, { before, by }, { after, by }, a time in ISO 8601, or { var } with its place in an event',
);

/** Puts the times of events in their places. */
function whenOf(form: WhenForm, events: ReadEvents): When {
  const timeOf = (one: TimeForm): Time => (typeof one === 'string' ? one : (apply(one, events) as Time));
  if (typeof form === 'string' || 'var' in form) return timeOf(form);
  if ('before' in form) return { before: timeOf(form.before), by: form.by };
  return 'after' in form ? { after: timeOf(form.after), by: form.by } : form;
}

export const SLEEP_UNTIL: StepType<'sleepUntil', SleepUntilForm> = {
  kind: 'sleepUntil',
  // What the code gets for a time of the calendar is of no use, so its type has nothing.
  bind: (perform) =>
    ((step: string, when: When, options: InstantOptions = {}) =>
      perform(step, () => sleepUntil(when, options))) as Steps<never>['sleepUntil'],
  figure: null,
  takesTime: true,
  label: ({ outcome }, chosen) => (outcome === false ? PAST : (chosen?.label ?? '')),
  steer: (j, pilot) =>
    (async (step: string, when: When, options: InstantOptions = {}) => {
      if (!isInstant(when) || options.ifPast !== 'skip') return j.sleepUntil(step, when as Time, options);
      // The example's instant may be long past. Then it comes at once.
      if (pilot.choose(step, [IN_TIME, PAST]) === IN_TIME) return j.sleepUntil(step, when, { ifPast: 'now' });
      return j.sleepUntil(step, new Date(0), { ifPast: 'skip' });
    }) as Steps<never>['sleepUntil'],
  json: {
    schema: (steps) =>
      z.strictObject({
        kind: z.literal('sleepUntil'),
        step: stepName,
        when: whenForm,
        ifPast: z.enum(['now', 'skip']).exactOptional(),
        then: steps.exactOptional(),
        otherwise: steps.exactOptional(),
      }),
    async play({ step, when, ifPast = 'now', then = [], otherwise = [] }, j, { waits }) {
      // A time of the calendar takes no notice of the options.
      const came = await j.sleepUntil(step, whenOf(when, readEvents(j, waits)) as Time, { ifPast });
      return came ? then : otherwise;
    },
    reads: ({ when }) => eventFactsOf(when as Json, ['when']),
    branches: ({ then = [], otherwise = [] }) => [
      { steps: then, path: ['then'] },
      { steps: otherwise, path: ['otherwise'] },
    ],
  },
};
