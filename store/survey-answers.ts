import type { Answers } from '../engine/model/survey';
import { retryOnConflict } from './conflict';
import type { Database } from './database';
import { OWN } from './inbox';
import { jsonText } from './storable';

const KEEP = `
UPDATE messages SET answers = CASE WHEN answered_at IS NULL THEN coalesce(answers, '{}') || $3::jsonb ELSE answers END
WHERE ${OWN} AND id = $2
RETURNING coalesce(answers, '{}') AS answers, answered_at IS NULL AS "isOpen"`;

/** The answers to the questions of a message. */
export interface KeptAnswers {
  readonly answers: Answers;
  /** Whether further answers count: the user is not done yet. */
  readonly isOpen: boolean;
}

/**
 * Keeps answers to some of the questions of a message of a user, beside those that are kept already. A later answer to the same
 * question replaces the earlier one. Once the message is answered nothing changes.
 * @returns null when the user has no such message
 */
export async function keepAnswers(
  { pool }: Database,
  userId: string,
  messageId: string,
  answers: Answers,
): Promise<KeptAnswers | null> {
  const keep = { name: 'keep-answers', text: KEEP, values: [userId, messageId, jsonText(answers)] };
  const { rows } = await retryOnConflict(() => pool.query<KeptAnswers>(keep));
  return rows[0] ?? null;
}
