import type { Pool } from 'pg';
import type { FlagUser } from '../engine/flags/evaluate';
import { conversationsOf, type ShownConversation } from './chats-shown';
import { inboxOf, shownOf, type InboxMessage, type InboxRow, type Shown } from './inbox';
import { readPollResults, type PollResults } from './poll-votes';
import { prepared } from './sql';

/** All that an app shows of a user. */
export interface InAppState extends Shown {
  readonly profile: {
    /** Empty until the first decision. */
    readonly stage: string;
    readonly points: number;
    readonly badges: readonly string[];
  };
  /** What their flags are evaluated by. */
  readonly user: FlagUser;
  /** The results of the polls that the user may see, by the names of the polls in their order. */
  readonly polls: Readonly<Record<string, PollResults>>;
  /** The latest activity first. */
  readonly chats: readonly ShownConversation[];
}

interface ReadValues {
  readonly ids: readonly string[];
  /** The length of `ids`. */
  readonly count: number;
  readonly now: number;
}

interface Row extends FlagUser {
  readonly messages: readonly InboxRow[];
  readonly chats: readonly ShownConversation[];
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
  coalesce((SELECT json_agg(shown) FROM (${inboxOf('u.id', `${param.now}::bigint`)}) shown), '[]') AS messages,
  ${conversationsOf('u.id', `${param.now}::bigint`)} AS chats
FROM (SELECT id FROM unnest(${param.ids}::text[]) AS asked (id) LIMIT ${param.count}) asked JOIN users u ON u.id = asked.id
-- As in the inbox, aliases are not resolved.
WHERE NOT EXISTS (SELECT FROM aliases a WHERE a.previous_id = u.id)`,
);

/**
 * Reads what an app shows of some users, in one statement, and another one if any of them sees results of polls.
 * @param now epoch milliseconds of the journey clock
 * @returns the states by user id, without ids of users who do not exist or were merged into another user
 */
export async function readInAppStates(
  pool: Pool,
  userIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, InAppState>> {
  const { rows } = await pool.query<Row>(READ({ ids: userIds, count: userIds.length, now }));
  const found = rows.map(({ messages, ...row }) => ({ ...row, shown: shownOf(messages, now) }));
  const polls = [...new Set(found.flatMap(({ shown }) => pollsIn(shown.messages)))];
  const results = polls.length > 0 ? await readPollResults({ pool }, polls) : new Map<string, PollResults>();
  return new Map(
    found.map(({ shown, points, badges, chats, ...user }) => [
      user.id,
      {
        messages: shown.messages,
        changesAt: Math.min(shown.changesAt, ...chats.map(({ shownUntil }) => shownUntil)),
        profile: { stage: user.stage, points, badges },
        user,
        polls: resultsFor(pollsIn(shown.messages), results),
        chats,
      },
    ]),
  );
}

/** The names of the polls among the messages whose results their user may see, in their order. */
function pollsIn(messages: readonly InboxMessage[]): string[] {
  const names = messages.flatMap(({ content: { poll, results = 'after' }, answeredAt }) =>
    typeof poll === 'string' && (results === 'always' || (results === 'after' && answeredAt !== null)) ? [poll] : [],
  );
  return [...new Set(names)].sort();
}

const NO_VOTES: PollResults = { votes: {}, total: 0 };

/** The results of these polls; without votes where nobody has voted. */
export function resultsFor(
  polls: readonly string[],
  results: ReadonlyMap<string, PollResults>,
): Readonly<Record<string, PollResults>> {
  return Object.fromEntries(polls.map((poll) => [poll, results.get(poll) ?? NO_VOTES]));
}
