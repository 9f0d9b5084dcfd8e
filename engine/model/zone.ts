import { DateTime, IANAZone } from 'luxon';
import type { JsonObject } from './json';

/** A moment of the local calendar: `{ at: '09:00' }`, `{ weekday: 1, at: '09:00' }` (1 = Monday). */
export interface LocalTime {
  readonly weekday?: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  readonly at: `${number}:${number}`;
}

/** A daily window of local time; `to` may lie on the next day. */
export interface LocalWindow {
  readonly from: `${number}:${number}`;
  readonly to: `${number}:${number}`;
}

/** Names known to be zones, other names of the same among them: asking the runtime about one at every decision is slow. */
const KNOWN = new Set(Intl.supportedValuesOf('timeZone'));

/** The user's own zone: the trait `timezone` (or Segment's `timeZone`) when it names an IANA zone, else UTC. */
export function zoneOf(traits: JsonObject): string {
  const named = traits['timezone'] ?? traits['timeZone'];
  return typeof named === 'string' && isZone(named) ? named : 'utc';
}

function isZone(name: string): boolean {
  if (!KNOWN.has(name) && IANAZone.isValidZone(name)) KNOWN.add(name);
  return KNOWN.has(name);
}

/**
 * The next such local moment strictly after `after`. Across daylight saving the wall clock is kept: where 02:30 does not
 * exist the same instant reads 03:30, where it exists twice the first is meant (luxon's rules).
 * @throws {TypeError} when it is not a time of day, or not a weekday
 */
export function nextLocal(when: LocalTime, zone: string, after: number): number {
  const { hour, minute } = parseTime(when.at);
  const start = DateTime.fromMillis(after, { zone });
  for (let ahead = 0; ahead <= 8; ahead++) {
    const day = start.startOf('day').plus({ days: ahead });
    if (when.weekday !== undefined && day.weekday !== when.weekday) continue;
    const candidate = day.set({ hour, minute }).toMillis();
    if (candidate > after) return candidate;
  }
  throw new TypeError(`Not a weekday: ${String(when.weekday)}. Monday is 1, Sunday 7.`);
}

/** When the window that contains `now` ends, epoch milliseconds; null when `now` lies outside. */
export function windowEnd(window: LocalWindow, zone: string, now: number): number | null {
  const local = DateTime.fromMillis(now, { zone });
  const from = parseTime(window.from);
  const to = parseTime(window.to);
  if (isFarOutside(local, from, to)) return null;
  const today = local.startOf('day');
  const overnight = minutes(to) <= minutes(from);
  for (const startDay of overnight ? [today.minus({ days: 1 }), today] : [today]) {
    const start = startDay.set(from).toMillis();
    const end = startDay
      .plus({ days: overnight ? 1 : 0 })
      .set(to)
      .toMillis();
    if (now >= start && now < end) return end;
  }
  return null;
}

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

const DAY_MINUTES = 24 * 60;
/** More than any change of the clocks. */
const FAR_MINUTES = 3 * 60;

function minutes({ hour, minute }: TimeOfDay): number {
  return hour * 60 + minute;
}

/** Is it so long after the window's end and before its begin that no change of the clocks matters? Then no calendar is asked. */
function isFarOutside(local: TimeOfDay, from: TimeOfDay, to: TimeOfDay): boolean {
  const between = (earlier: TimeOfDay, later: TimeOfDay): number =>
    (minutes(later) - minutes(earlier) + DAY_MINUTES) % DAY_MINUTES;
  return between(to, local) >= FAR_MINUTES && between(to, local) + FAR_MINUTES <= between(to, from);
}

/**
 * Hours and minutes of `'HH:MM'`.
 * @throws {TypeError} when it is not a time of day
 */
export function parseTime(time: string): TimeOfDay {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (!match) throw new TypeError(`Not a time of day: '${time}'. Write for example '09:00'.`);
  return { hour: Number(match[1]), minute: Number(match[2]) };
}
