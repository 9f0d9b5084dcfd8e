import { z } from 'zod';
import { toMs, type Duration } from '../engine/model/duration';

/** A date means its start in UTC. A time must have an offset, so that it means the same on every machine. */
const TIME = z.union([
  z.iso.date(),
  z.iso.datetime({ offset: true }),
  // Without seconds.
  z.iso.datetime({ offset: true, precision: -1 }),
]);

/**
 * Reads a time from a command-line argument: an ISO 8601 date, an ISO 8601 time with an offset, or a duration before now such as
 * `30 days`.
 * @param now epoch milliseconds
 * @returns epoch milliseconds
 * @throws {TypeError} when the text has another form, or names a date or time that does not exist
 */
export function readTime(text: string, now: number): number {
  if (!/^\d{4}-/.test(text)) return now - toMs(text as Duration);
  if (TIME.safeParse(text).success) return Date.parse(text);
  throw new TypeError(
    `Invalid time: '${text}'. Expected an ISO 8601 date, or a time with an offset, such as '2026-05-01' or '2026-05-01T09:00:00Z'.`,
  );
}

/**
 * Reads the start of a past period from a command-line argument, in the forms of {@link readTime}.
 * @param now epoch milliseconds
 * @returns epoch milliseconds
 * @throws {TypeError} when the text is not a time, or the time is in the future
 */
export function readSince(text: string, now: number): number {
  const since = readTime(text, now);
  if (since > now)
    throw new TypeError(
      `Invalid time: '${text}'. Expected a time in the past; it is now ${new Date(now).toISOString()}.`,
    );
  return since;
}
