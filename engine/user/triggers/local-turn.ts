import { dayAt, dayText, startOf, timeOn, type LocalDay } from '../../model/local-day';
import type { LocalTime } from '../../model/zone';
import type { Prospect, Turn } from '../schedules';

/** How long a turn is open at least, so that a worker that was away does not miss one late in the evening. Milliseconds. */
const OPEN_MS = 10_800_000;
/** Longer than any turn is open. Milliseconds. */
const OVER_MS = 172_800_000;

/** The turn of a local day. There is one for a date, in whichever zones the user spends it. */
export function onDay(day: LocalDay, at: LocalTime['at'], zone: string): Turn {
  return { id: dayText(day), at: timeOn(day, at, zone) };
}

/** The first local day whose turn may still be open. */
export function firstDay({ since, notBefore, wallTime }: Prospect, zone: string): LocalDay {
  return dayAt(Math.max(since, notBefore, wallTime - OVER_MS), zone);
}

/**
 * May the turn of a local day let the user enter? Not if that date, or a later one, has had its turn, and not if it was missed: a turn
 * is open until its day ends, and for three hours at least.
 */
export function isOpen(day: LocalDay, { id, at }: Turn, zone: string, prospect: Prospect): boolean {
  const { last, notBefore, wallTime } = prospect;
  const isUsed = typeof last === 'string' && id <= last;
  return !isUsed && at >= notBefore && wallTime < Math.max(startOf(day + 1, zone), at + OPEN_MS);
}
