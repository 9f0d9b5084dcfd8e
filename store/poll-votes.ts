import { retryOnConflict } from './conflict';
import type { Database } from './database';
import { announceInApp, announcePoll } from './in-app-announcements';
import { OWN } from './inbox';
import { prepared } from './sql';

/** A vote that a user casts. */
export interface Vote {
  readonly userId: string;
  /** The name of the poll. */
  readonly poll: string;
  /** The value of an option. */
  readonly value: string;
  /** Whether it replaces an earlier vote. */
  readonly mayChange: boolean;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
}

/**
 * The row of the user is locked first, so that no vote is cast for a user who is merged or erased at the same time. A trigger counts
 * the vote; see migrations/0043_poll_votes.ts.
 */
const CAST = prepared<Vote>(
  'cast-vote',
  (param) => `
WITH person AS (SELECT id FROM users WHERE id = ${param.userId} FOR NO KEY UPDATE)
INSERT INTO poll_votes AS v (user_id, poll, value, at)
SELECT id, ${param.poll}::text, ${param.value}::text, ${param.at}::bigint FROM person
ON CONFLICT (user_id, poll) DO UPDATE SET
  value = CASE WHEN ${param.mayChange}::boolean THEN excluded.value ELSE v.value END,
  at = CASE WHEN ${param.mayChange}::boolean THEN excluded.at ELSE v.at END
RETURNING value`,
);

/**
 * Casts a vote, and counts it. A user has one vote in a poll: the first, or if it may be changed, the last.
 * @returns the vote that the user now has; null when there is no such user
 */
export async function castVote({ pool }: Database, vote: Vote): Promise<string | null> {
  const { rows } = await retryOnConflict(() => pool.query<{ value: string }>(CAST(vote)));
  announcePoll(pool, vote.poll);
  return rows[0]?.value ?? null;
}

/** The vote is locked, so of several that change at the same time the last one is shown. */
const SHOW = `
UPDATE messages SET answer = vote.value
FROM (SELECT value FROM poll_votes WHERE poll_votes.user_id = $1 AND poll = $3 FOR UPDATE) AS vote
WHERE ${OWN} AND id = $2 AND answered_at IS NOT NULL`;

/** Notes the vote that the user now has in a poll with an answered message that shows it. */
export async function showVote({ pool }: Database, userId: string, messageId: string, poll: string): Promise<void> {
  await retryOnConflict(() => pool.query({ name: 'show-vote', text: SHOW, values: [userId, messageId, poll] }));
  announceInApp(pool, [userId]);
}

/** The results of a poll: the number of votes for each option that has one. */
export interface PollResults {
  readonly votes: Readonly<Record<string, number>>;
  readonly total: number;
}

const READ = `
SELECT poll, jsonb_object_agg(value, votes) AS votes, sum(votes)::int AS total
FROM (SELECT poll, value, sum(votes)::int AS votes FROM poll_results WHERE poll = ANY ($1::text[]) GROUP BY poll, value) AS counted
WHERE votes > 0 GROUP BY poll`;

/** Reads the results of polls, by their names. A poll without a vote is left out. */
export async function readPollResults(
  { pool }: Pick<Database, 'pool'>,
  polls: readonly string[],
): Promise<ReadonlyMap<string, PollResults>> {
  const { rows } = await pool.query<PollResults & { readonly poll: string }>({
    name: 'read-poll-results',
    text: READ,
    values: [polls],
  });
  return new Map(rows.map(({ poll, votes, total }) => [poll, { votes, total }]));
}
