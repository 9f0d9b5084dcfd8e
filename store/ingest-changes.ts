import { knownAs, type NarrowedName } from '../engine/authoring/narrowed';
import type { Definitions } from '../engine/definitions/definitions';
import type { Json, JsonObject } from '../engine/model/json';
import { getOwn } from '../engine/model/own-property';
import { TRAIT_CHANGED } from '../engine/model/trait-change';
import { SEPARATOR, SEPARATOR_IN_SQL } from './ingest-names';
import type { IncomingEvent, IngestValues } from './ingest-values';
import type { Placeholders } from './sql';
import { textArray } from './text-array';

/*
 * A change of a trait that a journey watches is stored as an event of its own, in the statement that stores the call. Whether a call
 * changes the trait is known only there, when the row of its user is locked.
 */

type Watching = Pick<Definitions, 'watchedTraits' | 'narrowed'>;

/** A call that sets a watched trait. */
export interface TraitSet {
  /** The place of the call in the batch, counted from 1. */
  readonly place: number;
  readonly trait: string;
  /** The names that the change is known by if it is one. */
  readonly knownAs: string;
}

/** The watched traits that the calls of a batch set, in order. */
export function traitsSetBy(events: readonly IncomingEvent[], definitions: Watching): TraitSet[] {
  const { watchedTraits, narrowed } = definitions;
  if (watchedTraits.length === 0) return [];
  return events.flatMap(({ traits }, index) => {
    if (traits === null) return [];
    const given = JSON.parse(traits) as JsonObject;
    return watchedTraits
      .filter((trait) => Object.hasOwn(given, trait))
      .map((trait) => ({
        place: index + 1,
        trait,
        knownAs: namesOf(trait, getOwn(given, trait) ?? null, narrowed),
      }));
  });
}

/** What the trait was is not known yet, so tests of it count as passed. Whoever is woken for nothing decides nothing. */
function namesOf(trait: string, to: Json, narrowed: Definitions['narrowed']): string {
  const name = TRAIT_CHANGED + trait;
  const known = new Map([[name, (narrowed.get(name) ?? []).map(withoutFrom)]]);
  return knownAs(name, { trait, to }, known).join(SEPARATOR);
}

function withoutFrom({ tests, ...name }: NarrowedName): NarrowedName {
  const others = tests.map((one) => Object.entries(one).filter(([path]) => path.split('.')[0] !== 'from'));
  return { ...name, tests: others.map((entries) => Object.fromEntries(entries)) };
}

/** The watched traits that a batch sets, by field. */
export function setColumns(sets: readonly TraitSet[]): Pick<IngestValues, 'setPlaces' | 'setTraits' | 'setKnownAs'> {
  return {
    setPlaces: `{${sets.map(({ place }) => place).join()}}`,
    setTraits: textArray(sets.map(({ trait }) => trait)),
    setKnownAs: textArray(sets.map((one) => one.knownAs)),
  };
}

/** No app can send a message id that begins with this. */
const CHANGED = "'sojourn:changed:'";

/** SQL about changes of traits, for the ingest statement. */
export interface ChangesInSql {
  /** The common table expressions `prior` and `change`, after `fresh`. */
  readonly found: string;
  /** The names of the changes of the user of the group `i`. */
  readonly names: string;
  /** What `person` returns besides: whether it has created the user, and their traits. */
  readonly returned: string;
  /**
   * The rows of `events` for the changes, with `ordinality` and their order within it.
   * @param orElse when a change is pending although nobody awaits it
   * @param further the values of further columns
   */
  rows(orElse: string, further: string): string;
  /** Whether a row of `stored` is an event of the batch itself. */
  readonly isOfBatch: string;
  /** Tries again if another transaction has created one of the users meanwhile, whose traits before are therefore not known. */
  readonly checked: string;
}

/** @param param the placeholders of the statement */
export function changesIn(param: Placeholders<IngestValues>): ChangesInSql {
  return {
    found: `, prior AS (
  -- The traits before. The users are locked, so that they stay, in the order in which they are locked below. Each is looked up by
  -- itself: PostgreSQL may read the whole table for a list of users.
  SELECT u.id, u.traits FROM (SELECT DISTINCT user_id FROM item ORDER BY user_id) i
  CROSS JOIN LATERAL (SELECT id, traits FROM users WHERE id = i.user_id FOR NO KEY UPDATE) u
), change AS (
  -- A change from the value before, be it in the batch or stored, to another one. A trait that is null is the same as none.
  SELECT * FROM (
    SELECT user_id, message_id, ordinality, n, trait, known_as, value,
      lag(value, 1, nullif((SELECT p.traits FROM prior p WHERE p.id = user_id) -> trait, 'null')) OVER series AS previous,
      last_value(value) OVER (series RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last
    FROM (
      SELECT f.user_id, f.message_id, f.ordinality, s.n, s.trait, s.known_as, nullif(f.traits -> s.trait, 'null') AS value
      FROM fresh f JOIN ROWS FROM (
        unnest(${param.setPlaces}::bigint[]), unnest(${param.setTraits}::text[]), unnest(${param.setKnownAs}::text[])
      ) WITH ORDINALITY AS s (place, trait, known_as, n) ON s.place = f.ordinality
    ) AS given_value
    WINDOW series AS (PARTITION BY user_id, trait ORDER BY ordinality)
  ) AS in_series WHERE previous IS DISTINCT FROM value
)`,
    names: `coalesce((
      SELECT string_to_array(string_agg(c.known_as, ${SEPARATOR_IN_SQL}), ${SEPARATOR_IN_SQL}) FROM change c WHERE c.user_id = i.user_id
    ), '{}')`,
    // Only a row that is updated was locked before.
    returned: ', xmax = 0 AS created, traits',
    rows: (orElse, further) => `
  SELECT
    c.user_id, ${CHANGED} || c.trait || ':' || c.message_id, 'track', '${TRAIT_CHANGED}' || c.trait, i.at, ${param.receivedAt}::bigint,
    jsonb_build_object('trait', c.trait, 'from', c.previous, 'to', c.value), false,
    string_to_array(c.known_as, ${SEPARATOR_IN_SQL}) && p.awaiting OR ${orElse}${further}, c.ordinality, c.n
  FROM change c JOIN person p ON p.id = c.user_id JOIN item i ON i.ordinality = c.ordinality
  -- Unless the traits did not fit any more when the user was locked.
  WHERE nullif(p.traits -> c.trait, 'null') IS NOT DISTINCT FROM c.last`,
    isOfBatch: `NOT starts_with(message_id, ${CHANGED})`,
    checked: `, (
    SELECT CASE WHEN count(*) > 0 THEN try_again() END FROM change c JOIN person p ON p.id = c.user_id
    WHERE NOT p.created AND c.user_id NOT IN (SELECT id FROM prior)
  )`,
  };
}
