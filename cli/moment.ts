import { z } from 'zod';
import { toMs, type Duration } from '../engine/model/duration';

/** A day begins in UTC; a time must say of which zone it is, lest it mean something else on another machine. */
const MOMENT = z.union([
  z.iso.date(),
  z.iso.datetime({ offset: true }),
  // Without seconds.
  z.iso.datetime({ offset: true, precision: -1 }),
]);

/**
 * Reads a moment a person typed: a day or a time with its offset, in ISO 8601, or a span before now such as `30 days`.
 * @param now epoch milliseconds
 * @throws {TypeError} when it is neither, or no day of the calendar
 */
export function readMoment(text: string, now: number): number {
  if (!/^\d{4}-/.test(text)) return now - toMs(text as Duration);
  if (MOMENT.safeParse(text).success) return Date.parse(text);
  throw new TypeError(`Not a moment: '${text}'. Write for example '2026-05-01' or '2026-05-01T09:00:00Z'.`);
}

/**
 * Reads since when a person wants to know.
 * @param now epoch milliseconds
 * @throws {TypeError} when it is no moment, or one after now
 */
export function readSince(text: string, now: number): number {
  const since = readMoment(text, now);
  if (since > now)
    throw new TypeError(`Nothing has happened since '${text}': it is now ${new Date(now).toISOString()}.`);
  return since;
}
