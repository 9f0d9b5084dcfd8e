import { z } from 'zod';
import type { Occurrence } from '../../authoring/event';
import { fields } from '../../authoring/fields';
import { localTime } from '../../authoring/json-fields';
import type { Trigger } from '../../authoring/trigger';
import { nextMeant } from '../../model/local-day';
import { describeLocal } from '../../model/local-text';
import { parseTime, requireZone, zoneOf, type LocalTime } from '../../model/zone';
import { byTurn, turnDue, type Prospect, type Schedule, type Turn } from '../schedules';
import { firstDay, isOpen, onDay } from './local-turn';
import { exampleNamed, type TriggerType } from './trigger-type';

/** Entry at a time of the calendar, again and again. */
export interface CalendarTrigger extends Trigger<Occurrence> {
  readonly kind: 'calendar';
  readonly when: LocalTime;
}

/**
 * Enters users whenever their local clock shows this time: `every({ weekday: 1, at: '09:00' })`. There is one entry for a local
 * date, wherever the user travels.
 * @throws {TypeError} when the time, a day or the zone is not one
 */
export function every(when: LocalTime): CalendarTrigger {
  parseTime(when.at);
  if (when.zone !== undefined) requireZone(when.zone);
  const { day = 1 } = when;
  if (!(day >= 1 && day <= 31) || nextMeant(when, 0) === null)
    throw new TypeError('every: no such day. Expected weekdays from 1 (Monday) to 7 (Sunday), or a day from 1 to 31.');
  return { kind: 'calendar', when };
}

const form = fields({
  kind: z.literal('calendar').meta({ description: 'Lets users enter again and again, at a time of the calendar' }),
  when: localTime.meta({ description: 'The days and the time at which users enter' }),
});

export const CALENDAR = {
  kind: 'calendar',
  text: ({ when }) => `every ${describeLocal(when)}`,
  events: () => [],

  admissions: (trigger, journey, occasion, draft, logicalTime) =>
    occasion.kind === 'time' ? byTurn(scheduleOf(trigger), journey, 'calendar', draft, logicalTime) : [],
  dueAt: (trigger, journey, draft) => turnDue(scheduleOf(trigger), journey, draft),
  schedule: scheduleOf,
  awaits: () => [],

  examples: ({ kind }) => [exampleNamed(kind)],

  json: { schema: form, read: ({ when }) => every(when), events: () => [] },
} satisfies TriggerType<CalendarTrigger, z.infer<typeof form>>;

function scheduleOf({ when }: CalendarTrigger): Schedule {
  return {
    trait: null,
    madeOf: () => JSON.stringify(when),
    zoneOf: (traits) => (when.zone === undefined ? zoneOf(traits) : null),
    next: (prospect) => nextTurn(when, prospect),
  };
}

function nextTurn(when: LocalTime, prospect: Prospect): Turn | null {
  const zone = when.zone === undefined ? zoneOf(prospect.traits) : requireZone(when.zone);
  let day = nextMeant(when, firstDay(prospect, zone));
  while (day !== null) {
    const turn = onDay(day, when.at, zone);
    if (turn.at > prospect.since && isOpen(day, turn, zone, prospect)) return turn;
    day = nextMeant(when, day + 1);
  }
  return null;
}
