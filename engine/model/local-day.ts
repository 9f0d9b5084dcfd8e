import { DateTime } from 'luxon';
import { isMeant, parseTime, type LocalTime } from './zone';

/** A day of the calendar, as the number of days since 1 January 1970. It is a date and no instant, so it has no zone. */
export type LocalDay = number;

const DAY_MS = 86_400_000;
/** Days in which every day of the month falls on every weekday. */
const DAYS_AHEAD = 400;

/** The local day at an instant in epoch milliseconds. */
export function dayAt(instant: number, zone: string): LocalDay {
  const { year, month, day } = DateTime.fromMillis(instant, { zone });
  return dayOf(year, month, day);
}

/** @param month 1 to 12 */
export function dayOf(year: number, month: number, day: number): LocalDay {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** The day as text: `2026-03-01`. */
export function dayText(day: LocalDay): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The year of a day. */
export function yearOf(day: LocalDay): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

/** When a local day begins, epoch milliseconds. */
export function startOf(day: LocalDay, zone: string): number {
  return localStart(day, zone).toMillis();
}

/**
 * When the local clock shows a time on that day, epoch milliseconds. On a day without 02:30 the result reads 03:30. On a day with
 * two, it is the first.
 */
export function timeOn(day: LocalDay, at: LocalTime['at'], zone: string): number {
  return localStart(day, zone).set(parseTime(at)).toMillis();
}

/**
 * The first day that a time of the calendar means, from this day on.
 * @returns null when it means no day
 */
export function nextMeant(when: LocalTime, from: LocalDay): LocalDay | null {
  for (let day = from; day <= from + DAYS_AHEAD; day++) if (isMeant(when, utc(day))) return day;
  return null;
}

function utc(day: LocalDay): DateTime {
  return DateTime.fromMillis(day * DAY_MS, { zone: 'utc' });
}

function localStart(day: LocalDay, zone: string): DateTime {
  const { year, month, day: dayOfMonth } = utc(day);
  return DateTime.fromObject({ year, month, day: dayOfMonth }, { zone }).startOf('day');
}
