import type { DefinitionsProvider } from '../engine/definitions/definitions';
import { mergeUsers, NEVER_SEEN, resolvedId, type Alias } from './aliases';
import { retryOnConflict } from './conflict';
import type { Database } from './database';
import { isAwaited, type PendingEvent } from './pending';
import { CHANGES } from './stored-journeys';

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
  /** The profile this person may have from the time before the app knew who they are: becomes part of theirs if it exists. */
  readonly anonymousId: string | null;
}

/** What one request brings, in the order it was sent. */
export interface Batch {
  readonly events: readonly IncomingEvent[];
  readonly aliases: readonly Alias[];
  /** Epoch milliseconds of the journey clock. */
  readonly receivedAt: number;
}

/** What became of a batch: how many of its events are new, and which of them somebody waits for. */
export interface Ingested {
  readonly stored: number;
  readonly pending: readonly PendingEvent[];
}

/** SQL: the zone these traits name, as the engine's `zoneOf` reads it. */
const zoneIn = (traits: string): string => `coalesce(${traits} ->> 'timezone', ${traits} ->> 'timeZone')`;

/**
 * The whole batch in one statement. The user rows are taken in sorted order, so two batches can't deadlock, and events join the
 * rows returned, so they are stored under the locks. Raising `version` makes a concurrent save of the engine fail and load again:
 * an event is either seen by it, or pending by what it saved.
 *
 * What a user awaits holds until one of these names comes or a deadline passes; from then until the engine has looked, anything
 * that any journey reacts to may matter, and so may what other definitions than ours made them await. The row to insert carries
 * the names that came as `awaiting`, where the update compares them; they mean nothing until the engine knows the user. A user
 * seen only in events that are no activity is inserted as last seen a millisecond before the first of them, which is also how the
 * update tells that there is nothing to move forward. Where the journeys have changed and we don't know yet, everything may matter.
 * A call that is no event of its own, such as an identify, can be awaited only as any sign of life, by a user the engine knows.
 * Traits of a call that is stored already are not merged again: newer ones may have come since. One that was being stored while this
 * statement waited for the user is noticed at its end, and everything is tried again.
 *
 * Who waits for a time of day may wait for another once they are in another zone: whoever has a deadline, and nobody else, is looked at.
 *
 * Nothing is stored while the batch names an anonymous profile that exists, or that would by this batch: it has to become part first
 * of the user it is first named with. What comes for the user would otherwise be decided without what the visitor was in the midst of.
 *
 * Single values are looked up where EXISTS would read better: PostgreSQL may answer an EXISTS by hashing the whole table, and with a
 * plan kept from the time when there were few users it does.
 */
const INGEST = `
WITH item AS (
  SELECT
    ${resolvedId('i.user_id')} AS user_id,
    i.message_id, i.type, i.type IN ('track', 'page', 'screen') AS awaitable, i.name, i.at, i.active, i.traits::jsonb AS traits, i.properties, i.anonymous_id, i.ordinality
  FROM ROWS FROM (
    unnest($1::text[]), unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), unnest($5::bigint[]), unnest($6::boolean[]),
    unnest($7::text[]), jsonb_array_elements($8::jsonb), unnest($9::text[])
  ) WITH ORDINALITY AS i (user_id, message_id, type, name, at, active, traits, properties, anonymous_id, ordinality)
), visitor AS (
  SELECT jsonb_agg(jsonb_build_object('previousId', anonymous_id, 'userId', user_id)) AS merges FROM (
    SELECT DISTINCT ON (anonymous_id) anonymous_id, user_id,
      (SELECT u.id FROM users u WHERE u.id = i.anonymous_id) IS NOT NULL OR anonymous_id IN (SELECT user_id FROM item) AS exists
    FROM item i WHERE anonymous_id IS NOT NULL ORDER BY anonymous_id, ordinality
  ) AS first_named WHERE exists AND anonymous_id <> user_id
), fresh AS (
  SELECT DISTINCT ON (user_id, message_id) user_id, message_id, traits, ordinality FROM item i
  WHERE traits IS NOT NULL AND (SELECT merges FROM visitor) IS NULL AND (
    SELECT e.message_id FROM events e WHERE e.user_id = i.user_id AND e.message_id = i.message_id
  ) IS NULL
  ORDER BY user_id, message_id, ordinality
), person AS (
  INSERT INTO users AS u (id, created_at, last_seen_at, traits, awaiting)
  SELECT
    i.user_id, min(at), coalesce(max(at) FILTER (WHERE active), min(at) - 1),
    coalesce(merge_traits(f.traits ORDER BY i.ordinality) FILTER (WHERE f.traits IS NOT NULL), '{}'),
    coalesce(array_agg(name) FILTER (WHERE awaitable), '{}') || CASE WHEN bool_or(active) THEN '{*}'::text[] END
  FROM item i LEFT JOIN fresh f ON f.ordinality = i.ordinality
  WHERE (SELECT merges FROM visitor) IS NULL GROUP BY i.user_id ORDER BY i.user_id
  ON CONFLICT (id) DO UPDATE SET
    version = u.version + 1,
    created_at = CASE WHEN u.last_seen_at = ${NEVER_SEEN} THEN excluded.created_at ELSE u.created_at END,
    last_seen_at = CASE
      WHEN excluded.last_seen_at < excluded.created_at AND u.last_seen_at <> ${NEVER_SEEN} THEN u.last_seen_at
      ELSE greatest(u.last_seen_at, excluded.last_seen_at)
    END,
    traits = CASE WHEN excluded.traits = '{}' THEN u.traits ELSE merge_traits(u.traits, excluded.traits) END,
    awaiting_version = CASE WHEN u.awaiting && excluded.awaiting OR u.wake_at <= $12 THEN '' ELSE u.awaiting_version END,
    wake_at = CASE
      WHEN u.wake_at > $12 AND excluded.traits ?| '{timezone,timeZone}'
        AND ${zoneIn('merge_traits(u.traits, excluded.traits)')} IS DISTINCT FROM ${zoneIn('u.traits')} THEN $12
      ELSE u.wake_at
    END
  RETURNING id, memory IS NOT NULL AS known, CASE WHEN awaiting_version = $10 THEN awaiting WHEN memory IS NULL THEN $11::text[] ELSE awaiting || $11::text[] END AS awaiting, asleep
), stored AS (
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, active, pending)
  SELECT
    i.user_id, i.message_id, i.type, i.name, i.at, $12::bigint, i.properties, i.active,
    CASE
      WHEN i.awaitable THEN ${isAwaited('i.name', 'i.active', 'p.awaiting')} OR ${CHANGES} > $13
      ELSE i.active AND p.known AND ('*' = ANY (p.awaiting) OR ${CHANGES} > $13)
    END
  FROM item i JOIN person p ON p.id = i.user_id ORDER BY i.ordinality
  ON CONFLICT (user_id, message_id) DO NOTHING
  RETURNING id, user_id, message_id, name, pending
)
SELECT
  (SELECT count(*) FROM stored) AS stored,
  (SELECT jsonb_agg(jsonb_build_object('userId', s.user_id, 'id', s.id::text, 'name', s.name, 'workflowLikelyRunning', p.asleep) ORDER BY s.id) FROM stored s JOIN person p ON p.id = s.user_id WHERE s.pending) AS pending,
  (SELECT merges FROM visitor) AS merges,
  (SELECT CASE WHEN count(*) > count(stored.id) THEN try_again() END FROM fresh LEFT JOIN stored USING (user_id, message_id))`;

interface Row {
  readonly stored: number;
  readonly pending: PendingEvent[] | null;
  /** What has to be one person first; then nothing was stored. */
  readonly merges: Alias[] | null;
}

/**
 * Stores a batch: one round trip, whatever its size; one more for each hundred of its aliases, and two where an anonymous id turns out
 * to be somebody. An event that is already stored is left as it is.
 */
export async function ingest(database: Database, definitions: DefinitionsProvider, batch: Batch): Promise<Ingested> {
  const pending = new Map<string, PendingEvent>();
  for (let merges: readonly Alias[] | null = batch.aliases; ;) {
    note(pending, await mergeUsers(database.pool, merges, batch.receivedAt));
    const row: Row = await store(database, definitions, batch);
    note(pending, row.pending ?? []);
    merges = row.merges;
    if (merges === null) return { stored: row.stored, pending: [...pending.values()] };
  }
}

/** By event: of one that was pending before and after a merge, the later word counts. */
function note(pending: Map<string, PendingEvent>, events: readonly PendingEvent[]): void {
  for (const event of events) pending.set(event.id, event);
}

async function store(
  { pool }: Database,
  { current, changes }: DefinitionsProvider,
  { events, receivedAt }: Batch,
): Promise<Row> {
  const values = [
    events.map(({ userId }) => userId),
    events.map(({ messageId }) => messageId),
    events.map(({ type }) => type),
    events.map(({ name }) => name),
    events.map(({ at }) => at),
    events.map(({ active }) => active),
    events.map(({ traits }) => traits),
    `[${events.map(({ properties }) => properties).join()}]`,
    events.map(({ anonymousId }) => anonymousId),
    current.version,
    current.reactsTo,
    receivedAt,
    changes,
  ];
  const { rows } = await retryOnConflict(() => pool.query<Row>({ name: 'ingest', text: INGEST, values }));
  const [row] = rows;
  if (!row) throw new Error('An aggregate answers with one row.');
  return row;
}
