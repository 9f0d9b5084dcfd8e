import { toMs, type Duration } from './duration';
import type { JsonObject } from './json';
import { getOwn } from './own-property';
import type { TraitTime } from './trait-time';
import { readTimeOfDay, type LocalHours, type LocalTime, type LocalTimeInTrait } from './zone';

/** An instant: a Date, text in ISO 8601, or a trait with such text. Without a zone in the text it is UTC. */
export type Time = Date | string | TraitTime;

/** An instant a while before or after another one: `{ before: startsAt, by: '24 hours' }`. */
export type Offset = { readonly before: Time; readonly by: Duration } | { readonly after: Time; readonly by: Duration };

/** When to go on: an instant, or a time of the local calendar. */
export type When = Time | Offset | LocalTime | LocalTimeInTrait | LocalHours;

/** An instant, and how it was said. */
export interface Instant {
  /** What it is counted from: epoch milliseconds, or the time in a trait. */
  readonly base: number | TraitTime;
  /** Milliseconds from there to the instant. */
  readonly offset: number;
  /** As a diagram shows it, with the time. */
  readonly text: string;
  /** In words for people that do not tell the time, which belongs to the user. */
  readonly reason: string;
}

/**
 * Is it an instant, rather than a time of the calendar?
 * @throws {TypeError} when it is neither
 */
export function isInstant(when: When): when is Time | Offset {
  if (typeof when !== 'string' && !isObject(when))
    throw new TypeError(
      "Not a time. Expected a Date, ISO 8601, such as '2026-03-01T09:00:00Z', or a time of the local calendar.",
    );
  return isTime(when) || 'by' in when || 'before' in when || 'after' in when;
}

/**
 * Reads an instant.
 * @throws {TypeError} when a time or a duration is not one. The message does not repeat the time, which belongs to the user
 */
export function readInstant(when: Time | Offset): Instant {
  if (isTime(when)) return said(when, 0, '');
  if ('before' in when && 'after' in when) throw new TypeError('Expected `before` or `after`, not both.');
  const given: { readonly by?: Duration } = when;
  if (given.by === undefined)
    throw new TypeError("Expected how long before or after the instant: `by`, such as '24 hours'.");
  if ('before' in when) return said(when.before, -toMs(when.by), `${when.by} before `);
  return said(when.after, toMs(when.by), `${when.by} after `);
}

function said(time: Time, offset: number, words: string): Instant {
  if (isTrait(time)) return { base: time, offset, text: words + time.trait, reason: `${words}the trait ${time.trait}` };
  const base = readTime(time);
  return { base, offset, text: words + new Date(base).toISOString(), reason: `${words}an instant` };
}

function isTime(when: When): when is Time {
  return typeof when === 'string' || when instanceof Date || isTrait(when);
}

function isTrait(when: When): when is TraitTime {
  return isObject(when) && 'trait' in when;
}

/** What the code reads from data may be anything. */
function isObject(when: When): when is Exclude<When, string> {
  return typeof when === 'object' && (when as unknown) !== null;
}

/** Is it a time of the local calendar that moves with a trait of the user? */
export function isLocalInTrait(when: When): when is LocalTimeInTrait {
  return isObject(when) && 'at' in when && isTrait(when.at);
}

/** The same with a time of day in place of the trait, for a user of whom nothing is known. */
export function withExampleTime(when: When): Exclude<When, LocalTimeInTrait> {
  return isLocalInTrait(when) ? { ...when, at: '09:00' } : when;
}

/** Does the instant move with a trait of the user? */
export function isFollowed(when: When): boolean {
  return isInstant(when) && followedTrait(when) !== null;
}

/** The trait whose time is meant; null when the time is said otherwise. */
export function followedTrait(when: When): string | null {
  if (isLocalInTrait(when)) return when.at.trait;
  if (!isInstant(when)) return null;
  const time = isTime(when) ? when : 'before' in when ? when.before : when.after;
  return isTrait(time) ? time.trait : null;
}

/** The time in a trait, epoch milliseconds; null when it has none. */
export function timeIn(traits: JsonObject, name: string): number | null {
  const value = getOwn(traits, name);
  const time = typeof value === 'string' ? parseIso(value) : NaN;
  return Number.isNaN(time) ? null : time;
}

/** The time of day in a trait, minutes since midnight; null when it has none. */
export function timeOfDayIn(traits: JsonObject, name: string): number | null {
  const value = getOwn(traits, name);
  const time = typeof value === 'string' ? readTimeOfDay(value) : null;
  return time && time.hour * 60 + time.minute;
}

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(?<zone>Z|[+-]\d{2}:\d{2})?)?$/;

/** The time that a text in ISO 8601 says, in epoch milliseconds. Without a zone it is UTC. NaN for other text. */
export function parseIso(text: string): number {
  const match = ISO.exec(text);
  if (!match) return NaN;
  // JavaScript takes a date alone for UTC, and a time without a zone for that of the machine.
  return Date.parse(text.includes('T') && match.groups?.['zone'] === undefined ? `${text}Z` : text);
}

function readTime(time: Date | string): number {
  // What the code reads from data may be anything.
  const given: unknown = time;
  const at = given instanceof Date ? given.getTime() : parseIso(String(given));
  if (Number.isNaN(at))
    throw new TypeError("Not a time. Expected a Date, or ISO 8601, such as '2026-03-01T09:00:00Z'.");
  return at;
}
