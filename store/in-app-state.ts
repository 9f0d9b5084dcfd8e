import type { Pool } from 'pg';
import type { FlagUser } from '../engine/flags/evaluate';
import { inboxOf, type InboxMessage } from './inbox';
import { prepared } from './sql';

/** All that an app shows of a user. */
export interface InAppState {
  /** As in the inbox. */
  readonly messages: readonly InboxMessage[];
  readonly profile: {
    /** Empty until the first decision. */
    readonly stage: string;
    readonly points: number;
    readonly badges: readonly string[];
  };
  /** What their flags are evaluated by. */
  readonly user: FlagUser;
}

interface ReadValues {
  readonly ids: readonly string[];
  /** The length of `ids`. */
  readonly count: number;
  readonly now: number;
}

interface Row extends Pick<InAppState, 'messages'>, FlagUser {
  readonly points: number;
  readonly badges: readonly string[];
}

/** The planner takes an unknown limit for a tenth of the rows of `unnest`. Then it looks each user up by index. */
const READ = prepared<ReadValues>(
  'read-in-app-states',
  (param) => `
SELECT
  u.id, u.stage, u.traits, u.memory ->> 'assignedAs' AS "assignedAs",
  coalesce((u.memory ->> 'points')::float8, 0) AS points,
  coalesce(u.memory -> 'badges', '[]') AS badges,
  coalesce(u.memory -> 'flags', '{}') AS flags,
  -- The aggregate keeps the order of the query.
  coalesce((SELECT json_agg(shown) FROM (${inboxOf('u.id', `${param.now}::bigint`)}) shown), '[]') AS messages
FROM (SELECT id FROM unnest(${param.ids}::text[]) AS asked (id) LIMIT ${param.count}) asked JOIN users u ON u.id = asked.id
-- As in the inbox, aliases are not resolved.
WHERE NOT EXISTS (SELECT FROM aliases a WHERE a.previous_id = u.id)`,
);

/**
 * Reads what an app shows of some users, in one statement.
 * @param now epoch milliseconds of the journey clock
 * @returns the states by user id, without ids of users who do not exist or were merged into another user
 */
export async function readInAppStates(
  pool: Pool,
  userIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, InAppState>> {
  const { rows } = await pool.query<Row>(READ({ ids: userIds, count: userIds.length, now }));
  return new Map(
    rows.map(({ messages, points, badges, ...user }) => [
      user.id,
      { messages, profile: { stage: user.stage, points, badges }, user },
    ]),
  );
}
