import type { LocalHours, LocalTime, LocalTimeInTrait, Weekday } from './zone';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** A time or hours of the calendar in words: `Mon, Tue 09:00`. */
export function describeLocal(when: LocalTime | LocalTimeInTrait | LocalHours): string {
  if ('between' in when) return [daysText(when.weekdays), when.between.join(' to ')].filter(Boolean).join(' ');
  const { weekday, weekdays = [], day, at } = when;
  const time = typeof at === 'string' ? at : `the trait ${at.trait}`;
  const days = daysText([weekday ?? [], weekdays].flat());
  return [days, day === undefined ? '' : `day ${day}`, time].filter(Boolean).join(' ');
}

function daysText(weekdays: readonly Weekday[] = []): string {
  return weekdays.map((weekday) => DAYS[weekday - 1] ?? '').join(', ');
}
