import type { Pool } from 'pg';
import type { CallFailure } from '../engine/replay/steps/call';
import { CALLED } from '../engine/user/commands';
import { retryOnConflict } from './conflict';
import { prepared } from './sql';

/** One failed attempt of a call. Times are epoch milliseconds of the journey clock. */
export interface FailedAttempt extends Pick<CallFailure, 'code' | 'since'> {
  readonly runId: string;
  readonly step: string;
  readonly at: number;
  /** How often the call may fail; null without a limit. */
  readonly most: number | null;
  /** When the run stops waiting for the answer; null for never. */
  readonly until: number | null;
  /** The pause after the first failure, which doubles with each further one, and the longest pause. Milliseconds. */
  readonly firstPause: number;
  readonly longestPause: number;
}

/** What follows a failed attempt. */
export interface AfterFailure {
  /** It was the last failure that the call has. */
  readonly ends: boolean;
  /** How often the call has failed. */
  readonly attempts: number;
  /** When it is tried again, epoch milliseconds of the journey clock; null if it is not. */
  readonly nextAt: number | null;
}

interface RecordValues extends FailedAttempt {
  readonly messageId: string;
  readonly name: string;
}

const RECORD = prepared<RecordValues>(
  'record-call-failure',
  (param) => `
WITH known AS (
  SELECT 1 + coalesce((
    SELECT attempts FROM call_failures WHERE run_id = ${param.runId}::uuid AND step = ${param.step} AND since = ${param.since}::bigint
  ), 0) AS attempts
), next AS (
  SELECT attempts, attempts >= ${param.most}::int IS TRUE AS ends,
    -- Beyond 2^40 every pause is the longest one.
    ${param.at}::bigint + least(${param.firstPause}::float8 * 2 ^ least(attempts - 1, 40), ${param.longestPause}::float8)::bigint AS at
  FROM known
), failure AS (
  INSERT INTO call_failures (run_id, step, since, attempts, code, failed_at, next_at)
  SELECT r.id, ${param.step}, ${param.since}, n.attempts, ${param.code}, ${param.at},
    CASE WHEN NOT n.ends AND n.at < coalesce(${param.until}::bigint, n.at + 1) THEN n.at END
  FROM runs r, next n WHERE r.id = ${param.runId}::uuid
  ON CONFLICT (run_id, step) DO UPDATE
  SET since = excluded.since, attempts = excluded.attempts, code = excluded.code, failed_at = excluded.failed_at, next_at = excluded.next_at
  RETURNING run_id, attempts, next_at
), u AS (
  UPDATE users SET version = users.version + 1, awaiting_version = ''
  FROM failure f JOIN runs r ON r.id = f.run_id, next n WHERE users.id = r.user_id AND n.ends RETURNING users.id
), news AS (
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
  SELECT u.id, ${param.messageId}, 'internal', ${param.name}, ${param.at}, ${param.at},
    jsonb_build_object('run', ${param.runId}::text, 'step', ${param.step}::text, 'result', NULL, 'failed', jsonb_build_object(
      'attempts', f.attempts, 'code', ${param.code}::text, 'since', ${param.since}::bigint)), true
  FROM u, failure f
  ON CONFLICT DO NOTHING
)
SELECT f.attempts, f.next_at AS "nextAt", n.ends FROM failure f, next n`,
);

/**
 * Records a failed attempt of a call. The last one that the call has is also stored as a pending event of the user, who goes on
 * without an answer.
 * @returns null when the run no longer exists
 */
export async function recordCallFailure(pool: Pool, attempt: FailedAttempt): Promise<AfterFailure | null> {
  const messageId = `${CALLED}/${attempt.runId}/${attempt.step}/${attempt.since}`;
  const record = RECORD({ ...attempt, messageId, name: CALLED });
  const { rows } = await retryOnConflict(() => pool.query<AfterFailure>(record));
  return rows[0] ?? null;
}
