import { apply } from 'json-logic-js';
import { z } from 'zod';
import { eventPlace, type EventPlace } from '../../authoring/condition';
import { fields } from '../../authoring/fields';
import { duration, localHours, localTime, timeOfDay } from '../../authoring/json-fields';
import type { Duration } from '../../model/duration';
import type { Time, When } from '../../model/instant';
import type { TraitTime } from '../../model/trait-time';
import type { LocalHours, LocalTime, LocalTimeInTrait } from '../../model/zone';
import type { ReadEvents } from './read-events';

/** A time in a journey made of data: text, the place of it in an event, or a trait that is followed. */
type TimeForm = string | EventPlace | TraitTime;

/** When a step of a journey made of data goes on. */
export type WhenForm =
  | LocalTime
  | LocalTimeInTrait
  | LocalHours
  | TimeForm
  | { readonly before: TimeForm; readonly by: Duration }
  | { readonly after: TimeForm; readonly by: Duration };

const followedTrait: z.ZodType<TraitTime> = fields({
  trait: z
    .string()
    .min(1)
    .max(100)
    .meta({ description: 'A trait of the user with a time. If it changes, the wait follows' }),
});

const time: z.ZodType<TimeForm> = z.union(
  [z.iso.datetime({ offset: true }), z.iso.date(), eventPlace, followedTrait],
  "must be a time in ISO 8601 such as '2026-01-05T09:00:00Z', { trait }, or { var } with its place in an event",
);

const span = duration.meta({ description: 'How long before or after the instant' });

const localTimeOrTrait: z.ZodType<LocalTime | LocalTimeInTrait> = localTime.extend({
  at: z
    .union(
      [timeOfDay.meta({ type: 'string', examples: ['09:00'] }), followedTrait],
      "must be a time of day such as '09:00', or { trait }",
    )
    .meta({ description: 'Hours and minutes, 00:00 to 23:59, or a trait of the user that has them' }),
});

/** The schema of the form. */
export const whenForm: z.ZodType<WhenForm> = z.union(
  [
    localTimeOrTrait,
    localHours,
    time,
    fields({ before: time.meta({ description: 'An instant; `by` says how long before it' }), by: span }),
    fields({ after: time.meta({ description: 'An instant; `by` says how long after it' }), by: span }),
  ],
  'must be { at }, { between }, { before, by }, { after, by }, a time in ISO 8601, { trait }, or { var } with its place in an event',
);

/** Puts the times of events in their places. */
export function whenOf(form: WhenForm, events: ReadEvents): When {
  const timeOf = (one: TimeForm): Time =>
    typeof one === 'string' || 'trait' in one ? one : (apply(one, events) as Time);
  if (typeof form === 'string' || 'var' in form || 'trait' in form) return timeOf(form);
  if ('before' in form) return { before: timeOf(form.before), by: form.by };
  return 'after' in form ? { after: timeOf(form.after), by: form.by } : form;
}
