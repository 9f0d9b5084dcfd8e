import { knownAs } from '../engine/authoring/narrowed';
import type { Definitions } from '../engine/definitions/definitions';
import type { JsonObject } from '../engine/model/json';
import { isAwaited } from './pending';

/*
 * An event is known by its name, and by a narrowed name for each filter that it passes. A user who awaits the narrowed name alone is
 * not woken by an event that does not pass. What a user awaits by narrowed names is compared only under the definitions that saved
 * it, because only they have the same filters. Under any other definitions the names alone count.
 */

/** Stands between the names of one event. */
export const SEPARATOR = '\x1e';
export const SEPARATOR_IN_SQL = `E'\\x1e'`;

/** The names that an event is known by, as one text. */
export function namesOf(
  { name, properties }: { readonly name: string; readonly properties: string },
  { narrowed }: Pick<Definitions, 'narrowed'>,
): string {
  if (!narrowed.has(name)) return name;
  return knownAs(name, JSON.parse(properties) as JsonObject, narrowed).join(SEPARATOR);
}

/** SQL about the names of events, for the ingest statement. */
export interface NamesInSql {
  /** The names of all items of a group for which the condition holds. */
  all(condition: string): string;
  /** The names that a user awaits. */
  awaited(user: string, version: string): string;
  /** The names that a user awaits, if these definitions saved them. */
  readonly valid: string;
  /** Whether the person `p` awaits the item `i`. */
  readonly isAwaited: string;
}

const WHOLE: NamesInSql = {
  all: (condition) => `array_agg(name) FILTER (WHERE ${condition})`,
  awaited: (user) => `${user}.awaiting`,
  valid: 'awaiting',
  isAwaited: isAwaited('i.name', 'i.active', 'p.awaiting'),
};

const NARROWED: NamesInSql = {
  all: (condition) =>
    `string_to_array(string_agg(known_as, ${SEPARATOR_IN_SQL}) FILTER (WHERE ${condition}), ${SEPARATOR_IN_SQL})`,
  awaited: (user, version) =>
    `CASE WHEN ${user}.awaiting_version = ${version} THEN coalesce(${user}.awaiting_exactly, ${user}.awaiting) ELSE ${user}.awaiting END`,
  valid: 'coalesce(awaiting_exactly, awaiting)',
  isAwaited: `(string_to_array(i.known_as, ${SEPARATOR_IN_SQL}) && p.awaiting OR (i.active AND '*' = ANY (p.awaiting)))`,
};

/** @param narrowed whether one of the events has a narrowed name */
export function namesIn(narrowed: boolean): NamesInSql {
  return narrowed ? NARROWED : WHOLE;
}
