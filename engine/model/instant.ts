import { toMs, type Duration } from './duration';
import type { LocalHours, LocalTime } from './zone';

/** An instant: a Date, or text in ISO 8601. Without a zone in the text it is UTC. */
export type Time = Date | string;

/** An instant a while before or after another one: `{ before: startsAt, by: '24 hours' }`. */
export type Offset = { readonly before: Time; readonly by: Duration } | { readonly after: Time; readonly by: Duration };

/** When to go on: an instant, or a time of the local calendar. */
export type When = Time | Offset | LocalTime | LocalHours;

/** An instant, and how it was said. */
export interface Instant {
  /** Epoch milliseconds. */
  readonly at: number;
  /** As a diagram shows it, with the time. */
  readonly text: string;
  /** In words for people that do not tell the time, which belongs to the user. */
  readonly reason: string;
}

/** Is it an instant, rather than a time of the calendar? */
export function isInstant(when: When): when is Time | Offset {
  return typeof when === 'string' || when instanceof Date || 'by' in when;
}

/**
 * Reads an instant.
 * @throws {TypeError} when a time or a duration is not one. The message does not repeat the time, which belongs to the user
 */
export function readInstant(when: Time | Offset): Instant {
  if (typeof when === 'string' || when instanceof Date) return said(readTime(when), 0, '');
  if ('before' in when) return said(readTime(when.before), -toMs(when.by), `${when.by} before `);
  return said(readTime(when.after), toMs(when.by), `${when.by} after `);
}

function said(time: number, offset: number, words: string): Instant {
  return { at: time + offset, text: words + new Date(time).toISOString(), reason: `${words}an instant` };
}

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(?<zone>Z|[+-]\d{2}:\d{2})?)?$/;

/** Epoch milliseconds; NaN for other text. */
function parseIso(text: string): number {
  const match = ISO.exec(text);
  if (!match) return NaN;
  // JavaScript takes a date alone for UTC, and a time without a zone for that of the machine.
  return Date.parse(text.includes('T') && match.groups?.['zone'] === undefined ? `${text}Z` : text);
}

function readTime(time: Time): number {
  // What the code reads from data may be anything.
  const given: unknown = time;
  const at = given instanceof Date ? given.getTime() : parseIso(String(given));
  if (Number.isNaN(at))
    throw new TypeError("Not a time. Expected a Date, or ISO 8601, such as '2026-03-01T09:00:00Z'.");
  return at;
}
