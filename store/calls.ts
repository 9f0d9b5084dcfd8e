import { CALLED } from '../engine/user/commands';
import type { Pool } from 'pg';
import type { Answer } from '../engine/replay/calls';

import { resolvedId, withUser } from './aliases';
import { retryOnConflict } from './conflict';
import { prepared } from './sql';
import { jsonText } from './storable';

/** The answer to a call, and the run and step that made the call. */
export interface CallAnswer extends Answer {
  readonly userId: string;
  readonly runId: string;
  readonly step: string;
  /** Epoch milliseconds of the journey clock. */
  readonly now: number;
}

interface RecordValues {
  readonly userId: string;
  readonly messageId: string;
  readonly name: string;
  readonly at: number;
  readonly properties: string;
}

const RECORD = prepared<RecordValues>(
  'record-call',
  (param) => `
WITH u AS (
  UPDATE users SET version = version + 1, awaiting_version = '' WHERE id = ${resolvedId(param.userId)} RETURNING id
), answer AS (
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
  SELECT u.id, ${param.messageId}, 'internal', ${param.name}, ${param.at}::bigint, ${param.at}::bigint, ${param.properties}::jsonb, true
  FROM u
  ON CONFLICT DO NOTHING
)
SELECT FROM u`,
);

/**
 * Records the answer to a call as a pending event of the user, or of the user they were merged into since. The first answer for a
 * step counts; later ones are ignored, as are answers for users who no longer exist.
 */
export async function recordCall(
  pool: Pool,
  { userId, runId, step, result, facts = {}, now }: CallAnswer,
): Promise<void> {
  const record = RECORD({
    userId,
    messageId: `${CALLED}/${runId}/${step}`,
    name: CALLED,
    at: now,
    properties: jsonText({ run: runId, step, result: result ?? null, facts }),
  });
  await withUser(pool, userId, async () => {
    const { rowCount } = await retryOnConflict(() => pool.query(record));
    return rowCount === 1 || null;
  });
}
