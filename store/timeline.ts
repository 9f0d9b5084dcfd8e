import type { JsonObject } from '../engine/model/json';
import type { Database } from './database';

/** One entry in the timeline of a user, with its reason. */
export interface TimelineEntry {
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
  readonly kind: 'event' | 'stage' | 'entered' | 'refused' | 'step' | 'failure' | 'message' | 'goal' | 'ended';
  /** The position among entries of the same time, unique for the user. */
  readonly place: string;
  readonly what: string;
  readonly reason: string;
  readonly details: JsonObject;
}

/** The part of a timeline to return: the entries after `after`, or the first ones when it is null. */
export interface Page {
  readonly after: Pick<TimelineEntry, 'at' | 'place'> | null;
  readonly newestFirst: boolean;
  readonly limit: number;
}

/**
 * SQL: the entries of a user. Entries of the same time are in the order of cause, decision and effect, which is the digit at the
 * start of `place`. A goal is reached at the time of its event, but not before its run began.
 */
const ENTRIES = `
  SELECT at, 'event' AS kind, '0:' || lpad(id::text, 20, '0') AS place, name AS what, type AS reason,
    jsonb_build_object('messageId', message_id, 'receivedAt', received_at, 'properties', properties, 'pending', pending)
      || CASE WHEN history THEN '{"history": true}' ELSE '{}' END::jsonb AS details
  FROM events WHERE user_id = $1
UNION ALL
  SELECT at, 'stage', '1:' || lpad(id::text, 20, '0'), "to", reason, jsonb_build_object('from', "from")
  FROM stage_changes WHERE user_id = $1
UNION ALL
  -- Refused entries are counted by journey and cause. Each count stands where the last one was refused.
  SELECT
    (refusals.value ->> 'lastAt')::bigint, 'refused', '1:refused:' || journey.key || ':' || refusals.key, journey.key,
    refusals.value ->> 'reason',
    jsonb_build_object('cause', refusals.key, 'count', refusals.value -> 'count', 'firstAt', refusals.value -> 'firstAt')
  FROM users, jsonb_each(memory -> 'refused') AS journey, jsonb_each(journey.value) AS refusals WHERE users.id = $1
UNION ALL
  SELECT entered_at, 'entered', '2:' || id, journey,
    coalesce('started by ' || (body -> 'startedBy' ->> 'journey'), body -> 'trigger' ->> 'name'), jsonb_build_object('run', id, 'key', key)
  FROM runs WHERE user_id = $1
UNION ALL
  SELECT
    coalesce((record ->> 'at')::bigint, (record ->> 'enteredAt')::bigint), 'step', '3:' || id || ':' || lpad(n::text, 10, '0'),
    record ->> 'step', coalesce(record ->> 'figure', record ->> 'reason', ''),
    jsonb_build_object('run', id, 'journey', journey) || record - 'step' - 'reason' - 'figure' - 'at'
  FROM runs, jsonb_array_elements(body -> 'journal') WITH ORDINALITY AS journal (record, n)
  WHERE user_id = $1
UNION ALL
  -- Of a call that failed there is the last failure.
  SELECT
    f.failed_at, 'failure', '3:failure:' || f.run_id || ':' || f.step, f.step, 'attempt ' || f.attempts || ' failed: ' || f.code,
    jsonb_build_object('run', r.id, 'journey', r.journey, 'attempts', f.attempts, 'code', f.code, 'nextAt', f.next_at)
  FROM runs r JOIN call_failures f ON f.run_id = r.id WHERE r.user_id = $1
UNION ALL
  SELECT
    decided_at, 'message', '4:' || id, status, coalesce((
      SELECT 'stopped by ' || w.set_by || ': ' || w.reason FROM stopped_messages s JOIN switches w USING (target) WHERE s.id = messages.id
    ), reason),
    jsonb_build_object(
      'id', id, 'run', run_id, 'journey', journey, 'step', step, 'channel', channel, 'template', template, 'data', data,
      'transactional', transactional, 'attempts', attempts - waits, 'provider', provider,
      'stoppedBy', (SELECT target FROM stopped_messages s WHERE s.id = messages.id), 'heldReason', held_reason, 'lastError', last_error,
      'expiresAt', expires_at, 'sentAt', sent_at, 'deliveredAt', delivered_at, 'openedAt', opened_at, 'bouncedAt', bounced_at,
      'complainedAt', complained_at, 'seenAt', seen_at, 'clickedAt', clicked_at, 'dismissedAt', dismissed_at,
      'answeredAt', answered_at, 'answer', answer, 'slot', card ->> 'slot'
    )
  FROM messages WHERE user_id = $1
UNION ALL
  SELECT greatest(goal_at, entered_at), 'goal', '5:' || id, journey, 'reached', jsonb_build_object('run', id)
  FROM runs WHERE user_id = $1 AND goal_at IS NOT NULL
UNION ALL
  SELECT ended_at, 'ended', '6:' || id, journey, reason, jsonb_build_object('run', id, 'status', status)
  FROM runs WHERE user_id = $1 AND ended_at IS NOT NULL`;

const page = (comparison: '<' | '>', direction: 'DESC' | 'ASC'): string => `
SELECT at, kind, place, what, reason, details FROM (${ENTRIES}) AS entry
WHERE $2::bigint IS NULL OR (at, place COLLATE "C") ${comparison} ($2, $3::text COLLATE "C")
ORDER BY at ${direction}, place COLLATE "C" ${direction} LIMIT $4`;

const OLDEST_FIRST = page('>', 'ASC');
const NEWEST_FIRST = page('<', 'DESC');

/** Returns a page of the timeline of a user: events, decisions and messages. */
export async function timeline(
  { pool }: Database,
  userId: string,
  { after, newestFirst, limit }: Page,
): Promise<TimelineEntry[]> {
  const values = [userId, after?.at ?? null, after?.place ?? null, limit];
  const { rows } = await pool.query<TimelineEntry>(newestFirst ? NEWEST_FIRST : OLDEST_FIRST, values);
  return rows;
}
