import { CONSENT_EVENTS } from '../engine/model/consent';
import { NEVER_SEEN } from './aliases';
import type { IngestValues } from './ingest-values';
import type { Placeholders } from './sql';

/*
 * Imported history is stored as seen, so it wakes nobody. Its user is looked at when something else wakes them, or before time alone can
 * change anything about them. The instant of an import grows from statement to statement for each user, under the lock of their row. So
 * the engine misses nothing that is committed while it decides.
 */

/** SQL about history, for the ingest statement. Its batch has nothing but history. */
export interface HistoryInSql {
  /** Parameters of the calls, with a comma before them. */
  readonly parameters: string;
  /** The columns of these in a call, and in `item`. */
  readonly columns: string;
  readonly item: string;
  /**
   * The columns that are inserted for a new user besides: when to look at them, by which version, when they were imported, and their
   * consent.
   */
  readonly inserted: string;
  /** What is set for a known user besides. */
  readonly sets: string;
  /** When a known user was created. */
  readonly createdAt: string;
  /** What `person` returns besides. */
  readonly returned: string;
  /** Queries after `stored`, each with a comma before it. */
  readonly after: string;
}

/** @param param the placeholders of the statement */
export function historyIn(param: Placeholders<IngestValues>): HistoryInSql {
  return {
    parameters: `, unnest(${param.lookAt}::bigint[]), unnest(${param.consents}::text[])`,
    columns: ', look_at, consent',
    item: ', i.look_at, i.consent::jsonb AS consent',
    inserted: `, min(i.look_at), ${param.version}, ${param.receivedAt}::bigint,
    coalesce(merge_traits(i.consent -> 'channels' ORDER BY i.ordinality) FILTER (WHERE i.consent IS NOT NULL), '{}')`,
    // `look_version` stays: the times of earlier imports are those of that version.
    // An answer that was given here is later than one that is imported.
    sets: `wake_at = least(u.wake_at, excluded.wake_at),
    imported_at = greatest(excluded.imported_at, u.imported_at + 1),
    consent = excluded.consent || u.consent,`,
    createdAt: `CASE WHEN u.last_seen_at = ${NEVER_SEEN} THEN excluded.created_at ELSE least(u.created_at, excluded.created_at) END`,
    returned: ', imported_at, consent AS agreed, u.traits AS all_traits',
    after: `, answer AS (
  -- What new calls say of consent. It is kept as events, which tell when and where it was given.
  SELECT s.user_id, s.message_id, p.imported_at, p.agreed, p.all_traits, i.at, i.consent, a.channel, a.agrees
  FROM stored s JOIN item i USING (user_id, message_id) JOIN person p ON p.id = s.user_id,
    LATERAL jsonb_each(i.consent -> 'channels') AS a (channel, agrees)
  WHERE i.consent IS NOT NULL
), answer_event AS (
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, active, pending, history)
  SELECT user_id, 'sojourn:consent:' || channel || ':' || message_id, 'consent',
    CASE WHEN agrees = 'true' THEN '${CONSENT_EVENTS.given}' ELSE '${CONSENT_EVENTS.unsubscribed}' END,
    coalesce((consent ->> 'at')::bigint, at), imported_at,
    jsonb_strip_nulls(jsonb_build_object('channel', channel, 'source', consent -> 'source')), false, false, true
  FROM answer ON CONFLICT DO NOTHING
), opted_out AS (
  -- A no to email also holds for the address, whoever's profile it stands in.
  INSERT INTO suppressed_addresses (channel, address, cause, at)
  SELECT DISTINCT channel, address_key(all_traits ->> 'email'), 'opted out', ${param.receivedAt}::bigint
  FROM answer WHERE channel = 'email' AND agreed -> 'email' = 'false' AND jsonb_typeof(all_traits -> 'email') = 'string'
  ON CONFLICT DO NOTHING
)`,
  };
}
