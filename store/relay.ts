import type { Pool } from 'pg';
import type { Clock } from '../engine/model/clock';
import type { Released } from './releases';

/** Users to be told at once, at most; the next round takes the next ones. */
const BATCH = 500;

// Each picks users nobody has told lately and marks them as told, skipping rows another worker has in hand. `relayed_at`
// is real time, everything else the journey clock.
const mark = (condition: string, join = ''): string => `
UPDATE users SET relayed_at = $1 WHERE id IN (
  SELECT u.id FROM users u ${join} WHERE ${condition} AND u.relayed_at < $2 LIMIT ${BATCH} FOR UPDATE OF u SKIP LOCKED)
RETURNING id`;

// Oldest first, but of those only whom nobody has told lately: what nobody can do anything about must not hide the rest.
const PENDING = mark(
  `u.id IN (SELECT e.user_id FROM events e JOIN users w ON w.id = e.user_id
    WHERE e.pending AND e.received_at < $3 AND w.relayed_at < $2 ORDER BY e.received_at LIMIT ${BATCH * 4})`,
);
const OVERDUE = mark('u.wake_at < $3');
// What a user awaits is of no version from when something happens to them until they are looked at: this is the one they were last
// looked at under. Otherwise both are the same, and only the other is at hand without unpacking the memory: ask that first.
const LOOKED_AT = "coalesce(u.memory ->> 'version', '')";
// Nothing changes for who is inside unchanged journeys only. Of releases long ago it is not asked; a parked run may go on under
// any other version.
const EDITED = `
WITH same AS (
  SELECT r.version, j.key AS journey
  FROM (SELECT version, journeys FROM releases ORDER BY seq DESC LIMIT 100) r, jsonb_each_text(r.journeys) j
  WHERE j.value = $5::jsonb ->> j.key AND r.journeys ->> '' = $5::jsonb ->> '')
${mark(
  `u.awaiting_version <> $3 AND ${LOOKED_AT} <> $3 AND u.release <= $4 AND EXISTS (
     SELECT FROM runs r WHERE r.user_id = u.id AND (r.status = 'failed' OR r.status = 'active'
       AND NOT EXISTS (SELECT FROM same s WHERE s.version = ${LOOKED_AT} AND s.journey = r.journey)))`,
)}`;
const UNDELIVERED = mark(
  `u.id IN (SELECT m.user_id FROM messages m JOIN users w ON w.id = m.user_id
    WHERE m.status IN ('queued', 'sending', 'retrying') AND m.lease_until < now() - make_interval(secs => $3) AND w.relayed_at < $2 LIMIT ${BATCH * 4})`,
);
// Told ever less often: not again until the call has waited twice as long as when they were told last.
const UNANSWERED = mark(
  'a.asked_at < $3 AND u.relayed_at < $1 - ($4 - a.asked_at) / (2 * $5::float8)',
  `JOIN (SELECT r.user_id, min((r.body->'journal'->-1->>'enteredAt')::bigint) AS asked_at FROM runs r
    WHERE r.status = 'active' AND r.body->'journal'->-1->>'kind' = 'call' AND r.body->'journal'->-1->>'status' = 'waiting'
    GROUP BY r.user_id) a ON a.user_id = u.id`,
);

/** When a round takes place and how long a user told before is left alone. */
export interface Round {
  /** Real time, epoch milliseconds. */
  readonly now: number;
  readonly restMs: number;
}

/** Users with events received before `cutoff` (journey clock) that nobody has looked at. */
export function takePending(pool: Pool, round: Round, cutoff: number): Promise<string[]> {
  return take(pool, PENDING, round, cutoff);
}

/** Users whose deadline lies before `cutoff` (journey clock). */
export function takeOverdue(pool: Pool, round: Round, cutoff: number): Promise<string[]> {
  return take(pool, OVERDUE, round, cutoff);
}

/** Users inside a journey that was another when they were last advanced, and not by a newer release. */
export function takeEdited(
  pool: Pool,
  round: Round,
  { version, fingerprints }: Released,
  release: number,
): Promise<string[]> {
  return take(pool, EDITED, round, version, release, JSON.stringify(fingerprints));
}

/** Users with a message whose next attempt, or the end of whose claim, is more than `seconds` of real time overdue. */
export function takeUndelivered(pool: Pool, round: Round, seconds: number): Promise<string[]> {
  return take(pool, UNDELIVERED, round, seconds);
}

/** Users with a run that asked for a call before `cutoff` (journey clock), now and then. */
export function takeUnanswered(pool: Pool, round: Round, cutoff: number, clock: Clock): Promise<string[]> {
  return take(pool, UNANSWERED, round, cutoff, clock.now(), clock.speed);
}

/** Not prepared: planned anew each time, by how much there is to look through today. */
async function take(
  pool: Pool,
  text: string,
  { now, restMs }: Round,
  ...bounds: readonly (number | string)[]
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(text, [now, now - restMs, ...bounds]);
  return rows.map(({ id }) => id);
}
