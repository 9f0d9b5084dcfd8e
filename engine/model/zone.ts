import { DateTime, IANAZone } from 'luxon';
import type { JsonObject } from './json';
import type { TraitTime } from './trait-time';

/** 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A time of the local calendar: `{ at: '09:00' }`, `{ weekday: 1, at: '09:00' }`, `{ day: 1, at: '09:00' }`. */
export interface LocalTime {
  /** Default: any day. */
  readonly weekday?: Weekday;
  /** One of several weekdays. Default: any day. */
  readonly weekdays?: readonly Weekday[];
  /** The day of the month, 1 to 31. In a month without that day, it is the last one. Default: any day. */
  readonly day?: number;
  /** The IANA time zone. Default: the user's own. */
  readonly zone?: string;
  /** Hours and minutes, `'00:00'` to `'23:59'`. */
  readonly at: `${number}:${number}`;
}

/** A time of the local calendar whose hours and minutes are in a trait of the user: `{ at: trait('lessonTime') }`. */
export interface LocalTimeInTrait extends Omit<LocalTime, 'at'> {
  readonly at: TraitTime;
}

/** Hours of the local calendar, daily or on some weekdays: `{ between: ['09:00', '18:00'], weekdays: [1, 2, 3, 4, 5] }`. */
export interface LocalHours {
  /** From the first time to before the second. If the second is not later than the first, it is on the next day. */
  readonly between: readonly [LocalTime['at'], LocalTime['at']];
  /** The weekdays on which the hours begin. Default: any day. */
  readonly weekdays?: readonly Weekday[];
  /** The IANA time zone. Default: the user's own. */
  readonly zone?: string;
}

/**
 * A window of local time, in hours and minutes. If `to` is not later than `from`, it is on the next day. The local clock alone says
 * whether it is open: in the night in which 02:15 comes twice, both are in a window from 22:00 to 02:30.
 */
export interface LocalWindow {
  readonly from: `${number}:${number}`;
  readonly to: `${number}:${number}`;
  /** The weekdays on which it begins. Default: any day. */
  readonly weekdays?: readonly Weekday[];
}

/**
 * The canonical name of each zone, by its name in lower case. Users send these names, and a name has as many spellings as it has
 * letters to write large. Only the few hundred names of the time zone database get here, and nothing else is cached by zone: luxon
 * keeps a formatter for each spelling it is given, which takes 50 KB.
 */
const CANONICAL = new Map(Intl.supportedValuesOf('timeZone').map((name) => [name.toLowerCase(), name]));
/** The form of the names and offsets that the runtime accepts. Their letters are ASCII, so lower case is unambiguous. */
const ZONE_NAME = /^[\w+:/-]{1,64}$/;

/**
 * The user's time zone, by its canonical name: the trait `timezone`, or Segment's `timeZone`, or else what a client told of the
 * device, if it names an IANA zone; else `utc`. An alias such as `US/Pacific` is returned as the zone it stands for.
 */
export function zoneOf(traits: JsonObject): string {
  return zoneNamed(traits) ?? 'utc';
}

/** The user's time zone, as `zoneOf` finds it; null when none is named. */
export function zoneNamed(traits: JsonObject): string | null {
  const named = traits['timezone'] ?? traits['timeZone'] ?? fromContext(traits)['timezone'];
  return typeof named === 'string' ? canonicalZone(named) : null;
}

/** What clients told of the user's device, which holds where the user has no trait of their own. */
export function fromContext({ fromContext: told }: JsonObject): JsonObject {
  return typeof told === 'object' && told !== null && !Array.isArray(told) ? told : {};
}

/** The canonical name of a zone; null when there is no such zone. It is slow to ask the runtime, so that happens once a name. */
function canonicalZone(name: string): string | null {
  if (!ZONE_NAME.test(name)) return null;
  const key = name.toLowerCase();
  const known = CANONICAL.get(key);
  if (known !== undefined) return known;
  if (!IANAZone.isValidZone(name)) return null;
  const canonical = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  CANONICAL.set(key, canonical);
  return canonical;
}

/** What the local clock and calendar show at an instant. */
export interface LocalMoment {
  /** `'2026-01-05'` */
  readonly date: string;
  readonly weekday: Weekday;
  /** Hours and minutes: `'09:05'`. */
  readonly time: `${number}:${number}`;
}

/** What the clock of a zone shows at an instant. `at` is epoch milliseconds. */
export function localMoment(at: number, zone: string): LocalMoment {
  const local = DateTime.fromMillis(at, { zone });
  return {
    date: local.toFormat('yyyy-MM-dd'),
    weekday: local.weekday as Weekday,
    time: local.toFormat('HH:mm') as LocalMoment['time'],
  };
}

/** The date so many days before a date. */
export function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(date) - days * DAY_MINUTES * 60_000).toISOString().slice(0, 10);
}

/** Days in which every day of the month falls on every weekday, after any instant. */
const DAYS_AHEAD = 400;

/**
 * The next time the local clock shows `when`, strictly after `after`. Both times are epoch milliseconds. On a day without 02:30
 * the result reads 03:30. On a day with two, it is the first. These are luxon's rules.
 * @param zone the zone, whatever `when` says
 * @throws {TypeError} when `at` is not a time of day, or no day is meant
 */
export function nextLocal(when: LocalTime, zone: string, after: number): number {
  const { hour, minute } = parseTime(when.at);
  const start = DateTime.fromMillis(after, { zone });
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
    const day = start.startOf('day').plus({ days: ahead });
    if (!isMeant(when, day)) continue;
    const candidate = day.set({ hour, minute }).toMillis();
    if (candidate > after) return candidate;
  }
  throw new TypeError(noSuchDay(when));
}

function noSuchDay({ weekday, weekdays, day }: LocalTime): string {
  if (weekdays?.length === 0) return 'No weekday in `weekdays`. Expected at least one, 1 (Monday) to 7 (Sunday).';
  if (weekday !== undefined && weekdays) return 'Expected `weekday` or `weekdays`, not both.';
  if (day !== undefined) return `Not a day of the month: ${day}. Expected 1 to 31.`;
  return `Not a weekday: ${String(weekday ?? weekdays)}. Expected 1 (Monday) to 7 (Sunday).`;
}

/** A day of the calendar, as luxon has it. The types that authors use must not need those of luxon. */
interface CalendarDay {
  readonly weekday: number;
  readonly day: number;
  readonly daysInMonth: number | undefined;
}

/** Does a time of the calendar mean the day of this date? */
export function isMeant({ weekday, weekdays, day }: Omit<LocalTime, 'at'>, date: CalendarDay): boolean {
  if (weekday !== undefined && date.weekday !== weekday) return false;
  if (weekdays && !weekdays.some((one) => one === date.weekday)) return false;
  return day === undefined || date.day === Math.min(day, date.daysInMonth ?? day);
}

/**
 * The first time within the hours, at `from` or later. Both times are epoch milliseconds.
 * @param zone the zone, whatever `hours` says
 * @throws {TypeError} when one of the hours is not a time of day, or no day is meant
 */
export function nextWithin({ between: [opens, closes], weekdays }: LocalHours, zone: string, from: number): number {
  const [start, end] = [parseTime(opens), parseTime(closes)];
  const today = DateTime.fromMillis(from, { zone }).startOf('day');
  const days = { ...(weekdays && { weekdays }) };
  const isOpen = [today.minus({ days: 1 }), today].some((day) => {
    const close = day.plus({ days: minutes(end) <= minutes(start) ? 1 : 0 }).set(end);
    return isMeant(days, day) && from >= day.set(start).toMillis() && from < close.toMillis();
  });
  return isOpen ? from : nextLocal({ ...days, at: opens }, zone, from);
}

/**
 * The canonical name of a zone that an author names.
 * @throws {TypeError} when there is no such zone
 */
export function requireZone(name: string): string {
  const canonical = canonicalZone(name);
  if (canonical === null) throw new TypeError("Not a time zone. Expected an IANA name, such as 'Europe/Berlin'.");
  return canonical;
}

/**
 * The end of the window that contains `now`. Both times are epoch milliseconds.
 * @returns null when `now` is outside the window
 * @throws {TypeError} when `from` or `to` is not a time of day
 */
export function windowEnd(window: LocalWindow, zone: string, now: number): number | null {
  const to = minutesOf(window.to);
  let end = now;
  for (let round = 0; round < MOST_ENDS; round++) {
    const local = localOf(end, zone);
    if (!isInside(window, local)) break;
    const next = local.startOf('minute').plus({ minutes: ((to - minutes(local) + DAY_MINUTES - 1) % DAY_MINUTES) + 1 });
    end = next.offset > local.offset ? afterGap(local, next) : next.toMillis();
  }
  return end === now ? null : end;
}

/**
 * The first time within one of the windows, at `from` or later. Both times are epoch milliseconds.
 * @returns null when there are no windows, or none of them opens
 */
export function nextOpening(windows: readonly LocalWindow[], zone: string, from: number): number | null {
  if (windows.some((window) => isInside(window, localOf(from, zone)))) return from;
  const openings = windows
    .filter(({ weekdays }) => weekdays?.length !== 0)
    .map(({ from: at, weekdays }) => nextLocal({ at, ...(weekdays && { weekdays }) }, zone, from));
  return openings.length === 0 ? null : Math.min(...openings);
}

function isInside(window: LocalWindow, local: DateTime): boolean {
  return isWithin(window, minutes(local), local.weekday as Weekday);
}

/**
 * Is a time of day within the window?
 * @param minute minutes since midnight
 * @param weekday the day of that time
 */
export function isWithin({ from, to, weekdays }: LocalWindow, minute: number, weekday: Weekday): boolean {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const begun = start < end ? minute >= start && minute < end : minute >= start;
  if (!begun && !(start >= end && minute < end)) return false;
  const day = begun ? weekday : weekday === 1 ? 7 : weekday - 1;
  return !weekdays || weekdays.some((one) => one === day);
}

/**
 * The minutes from midnight to a time of day.
 * @throws {TypeError} when the text is not a time of day
 */
export function minutesOf(time: string): number {
  return minutes(parseTime(time));
}

function localOf(at: number, zone: string): DateTime {
  return DateTime.fromMillis(at, { zone });
}

/**
 * When the clock shows the time that it would have shown at `late`, had it not gone forward in between; the moment at which it went
 * forward, if it left that time out.
 */
function afterGap(before: DateTime, late: DateTime): number {
  const gap = (late.offset - before.offset) * 60_000;
  let [old, changed] = [late.toMillis() - gap, late.toMillis()];
  const isChanged = (at: number): boolean => localOf(at, late.zoneName ?? 'utc').offset === late.offset;
  if (isChanged(old)) return old;
  while (changed - old > 1) {
    const middle = Math.floor((old + changed) / 2);
    if (isChanged(middle)) changed = middle;
    else old = middle;
  }
  return changed;
}

/** The date in a zone: `'2026-01-05'`. `at` is epoch milliseconds. */
export function localDate(at: number, zone: string): string {
  return localOf(at, zone).toISODate() ?? '';
}

/** When the local day that contains `at` begins. All times are epoch milliseconds. */
export function startOfLocalDay(at: number, zone: string): number {
  return localOf(at, zone).startOf('day').toMillis();
}

/** When the local day after the one that contains `at` begins. */
export function nextLocalDay(at: number, zone: string): number {
  return localOf(at, zone).plus({ days: 1 }).startOf('day').toMillis();
}

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

const DAY_MINUTES = 24 * 60;
/** Windows of a week that follow each other without a break. A change of the clocks can open one once more. */
const MOST_ENDS = 9;
function minutes({ hour, minute }: TimeOfDay): number {
  return hour * 60 + minute;
}

/**
 * The hours and minutes of `'HH:MM'`.
 * @throws {TypeError} when the text is not a time of day
 */
export function parseTime(time: string): TimeOfDay {
  const read = readTimeOfDay(time);
  if (!read) throw new TypeError(`Not a time of day: '${time}'. Expected hours and minutes, such as '09:00'.`);
  return read;
}

/** The hours and minutes of `'HH:MM'`; null when the text is not a time of day. */
export function readTimeOfDay(time: string): TimeOfDay | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time);
  return match && { hour: Number(match[1]), minute: Number(match[2]) };
}
