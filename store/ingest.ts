import type { Definitions } from '../engine/definitions';
import { mergeUsers } from './aliases';
import { retryOnConflict } from './conflict';
import type { Database } from './database';
import { isAwaited, type PendingEvent } from './pending';

/** A checked event of an app. Times are epoch milliseconds of the journey clock. */
export interface IncomingEvent {
  readonly userId: string;
  readonly messageId: string;
  readonly type: 'track' | 'page' | 'screen' | 'identify' | 'group' | 'alias';
  readonly name: string;
  /** When it happened, never later than it was received. */
  readonly at: number;
  /** The user did this, it did not only happen to them. */
  readonly active: boolean;
  /** Traits to merge into the profile: the text of a JSON object. */
  readonly traits: string | null;
  /** The text of a JSON object. */
  readonly properties: string;
}

/** That one person is known by two ids. */
export interface Identity {
  readonly previousId: string;
  readonly userId: string;
  /** Remember it for later events even if nobody is known by the previous id yet. */
  readonly always: boolean;
}

/** What one request brings, in the order it was sent. */
export interface Batch {
  readonly events: readonly IncomingEvent[];
  readonly identities: readonly Identity[];
  /** Epoch milliseconds of the journey clock. */
  readonly receivedAt: number;
}

/** What became of a batch: how many of its events are new, and which of them somebody waits for. */
export interface Ingested {
  readonly stored: number;
  readonly pending: readonly PendingEvent[];
}

/**
 * The whole batch in one statement. The user rows are taken in sorted order, so two batches can't deadlock, and events join the
 * rows returned, so they are stored under the locks. Raising `version` makes a concurrent save of the engine fail and load again:
 * an event is either seen by it, or pending by what it saved. A user seen only in events that are no activity is inserted as last
 * seen a millisecond before the first of them, which is also how the update tells that there is nothing to move forward.
 */
const INGEST = `
WITH item AS (
  SELECT
    coalesce((SELECT a.user_id FROM aliases a WHERE a.previous_id = i.user_id), i.user_id) AS user_id,
    i.message_id, i.type, i.name, i.at, i.active, i.traits::jsonb AS traits, i.properties, i.ordinality
  FROM ROWS FROM (
    unnest($1::text[]), unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), unnest($5::bigint[]), unnest($6::boolean[]),
    unnest($7::text[]), jsonb_array_elements($8::jsonb)
  ) WITH ORDINALITY AS i (user_id, message_id, type, name, at, active, traits, properties, ordinality)
), person AS (
  INSERT INTO users AS u (id, created_at, last_seen_at, traits)
  SELECT
    user_id, min(at), coalesce(max(at) FILTER (WHERE active), min(at) - 1),
    coalesce(merge_traits(traits ORDER BY ordinality) FILTER (WHERE traits IS NOT NULL), '{}')
  FROM item GROUP BY user_id ORDER BY user_id
  ON CONFLICT (id) DO UPDATE SET
    version = u.version + 1,
    last_seen_at = CASE
      WHEN excluded.last_seen_at < excluded.created_at THEN u.last_seen_at
      ELSE greatest(u.last_seen_at, excluded.last_seen_at)
    END,
    traits = CASE WHEN excluded.traits = '{}' THEN u.traits ELSE merge_traits(u.traits, excluded.traits) END
  RETURNING id, CASE WHEN awaiting_version = $9 THEN awaiting ELSE $10::text[] END AS awaiting
), stored AS (
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
  SELECT
    i.user_id, i.message_id, i.type, i.name, i.at, $11::bigint, i.properties,
    i.type IN ('track', 'page', 'screen') AND ${isAwaited('i.name', 'i.active', 'p.awaiting')}
  FROM item i JOIN person p ON p.id = i.user_id ORDER BY i.ordinality
  ON CONFLICT (user_id, message_id) DO NOTHING
  RETURNING id, user_id, name, pending
)
SELECT
  (SELECT count(*) FROM stored) AS stored,
  (SELECT jsonb_agg(jsonb_build_object('userId', user_id, 'id', id::text, 'name', name) ORDER BY id) FROM stored WHERE pending) AS pending,
  (SELECT array_agg(id) FROM users WHERE id = ANY ($12::text[])) AS known`;

interface Row {
  readonly stored: number;
  readonly pending: PendingEvent[] | null;
  readonly known: string[] | null;
}

/**
 * Stores a batch: one round trip, whatever its size, unless two ids turn out to be one person. An event that is already stored is
 * left as it is.
 */
export async function ingest(database: Database, definitions: Definitions, batch: Batch): Promise<Ingested> {
  const { events, identities, receivedAt } = batch;
  const values = [
    events.map(({ userId }) => userId),
    events.map(({ messageId }) => messageId),
    events.map(({ type }) => type),
    events.map(({ name }) => name),
    events.map(({ at }) => at),
    events.map(({ active }) => active),
    events.map(({ traits }) => traits),
    `[${events.map(({ properties }) => properties).join()}]`,
    definitions.version,
    definitions.reactsTo,
    receivedAt,
    identities.map(({ previousId }) => previousId),
  ];
  const { rows } = await retryOnConflict(() => database.pool.query<Row>({ name: 'ingest', text: INGEST, values }));
  const [row] = rows;
  if (!row) throw new Error('An aggregate answers with one row.');
  const pending = [...(row.pending ?? [])];
  if (identities.length > 0) {
    const known = new Set([...(row.known ?? []), ...events.map(({ userId }) => userId)]);
    for (const { previousId, userId, always } of identities) {
      if (!always && !known.has(previousId)) continue;
      pending.push(...(await mergeUsers(database.knex, { previousId, userId, at: receivedAt })));
    }
  }
  return { stored: row.stored, pending };
}
