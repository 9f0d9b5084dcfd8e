import { CALLED } from '../engine/user/commands';
import type { Pool } from 'pg';
import type { Answer } from '../engine/replay/calls';

import { resolvedId, withUser } from './aliases';
import { retryOnConflict } from './conflict';
import { jsonText } from './storable';

/** The answer of a call, on its way to the run that asked. */
export interface CallAnswer extends Answer {
  readonly userId: string;
  readonly runId: string;
  readonly step: string;
  readonly now: number;
}

const RECORD = `
WITH u AS (
  UPDATE users SET version = version + 1, awaiting_version = '' WHERE id = ${resolvedId('$1')} RETURNING id
), answer AS (
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
  SELECT u.id, $2, 'internal', $3, $4::bigint, $4::bigint, $5::jsonb, true FROM u ON CONFLICT DO NOTHING
)
SELECT FROM u`;

/** Records a call's answer as a pending event, the user's who asked or has become since; the first answer of a step stands. */
export async function recordCall(
  pool: Pool,
  { userId, runId, step, result, facts = {}, now }: CallAnswer,
): Promise<void> {
  const values = [
    userId,
    `${CALLED}/${runId}/${step}`,
    CALLED,
    now,
    jsonText({ run: runId, step, result: result ?? null, facts }),
  ];
  await withUser(pool, userId, async () => {
    const { rowCount } = await retryOnConflict(() => pool.query({ name: 'record-call', text: RECORD, values }));
    return rowCount === 1 || null;
  });
}
