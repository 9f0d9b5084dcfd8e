import type { Json, JsonObject } from '../engine/model/json';
import type { ChannelName, RunStatus } from '../engine/model/state';
import type { Preferences } from '../engine/model/topic-answer';
import { resolvedId } from './aliases';
import type { Database } from './database';
import { ANSWERS } from './preferences';

/** A run of a journey, in the detail that support needs at a glance. Times are epoch milliseconds of the journey clock. */
export interface RunSummary {
  readonly id: string;
  readonly journey: string;
  readonly key: string | null;
  readonly status: RunStatus;
  /** The step that the user is in; null when the run has ended. */
  readonly step: string | null;
  /** The end of the wait that the user is in; null when there is none. */
  readonly until: number | null;
  readonly enteredAt: number;
  readonly endedAt: number | null;
  readonly goalAt: number | null;
  readonly reason: string;
  /** The last failure of the call that the run waits for, or was parked by; null when it has not failed. */
  readonly failedCall: {
    readonly attempts: number;
    readonly code: string;
    readonly failedAt: number;
    /** When it is made again; null if it is not. */
    readonly nextAt: number | null;
  } | null;
}

/** An answer about consent, as its event has it. */
export interface GivenAnswer {
  /** The channel that it is about; null if it is about all channels of the topic. */
  readonly channel: string | null;
  /** Null if it is about all messages of the channel. */
  readonly topic: string | null;
  readonly answer: keyof typeof ANSWERS;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
  /** Where it was given; null when that is not known. */
  readonly source: string | null;
  /** What the person read; null when that is not known. */
  readonly wording: string | null;
}

/** SQL: the words for the answer that an event is. */
const ANSWER = `CASE ${Object.entries(ANSWERS)
  .map(([answer, names]) => `WHEN a.name IN (${names.map((name) => `'${name}'`).join(', ')}) THEN '${answer}'`)
  .join(' ')} END`;

/** A user as support sees them. Times are epoch milliseconds of the journey clock. */
export interface UserProfile {
  readonly id: string;
  readonly previousIds: readonly string[];
  readonly traits: JsonObject;
  readonly consent: Readonly<Partial<Record<ChannelName, boolean>>>;
  readonly topics: Preferences;
  /** The last answer to each question of consent, the latest first. */
  readonly answers: readonly GivenAnswer[];
  readonly stage: string;
  readonly points: number;
  readonly badges: readonly string[];
  readonly flags: Readonly<Record<string, Json>>;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** When the engine advances this user even if no event comes; null for never. */
  readonly wakeAt: number | null;
  /** Runs in progress first, then the others, the latest first; at most 50. */
  readonly runs: readonly RunSummary[];
}

const RUNS = 50;

const FIND = `
SELECT
  u.id, u.traits, u.consent, u.topics, u.stage, u.created_at AS "createdAt", u.last_seen_at AS "lastSeenAt", u.wake_at AS "wakeAt",
  coalesce((
    SELECT jsonb_agg(jsonb_build_object(
      'channel', a.properties -> 'channel', 'topic', a.properties -> 'topic', 'answer', ${ANSWER}, 'at', a.at,
      'source', a.properties -> 'source', 'wording', a.properties -> 'wording'
    ) ORDER BY a.at DESC, a.id DESC)
    FROM (
      SELECT DISTINCT ON (e.properties -> 'topic', e.properties -> 'channel') e.id, e.name, e.at, e.properties
      FROM events e WHERE e.user_id = u.id AND e.type = 'consent' AND e.name = ANY ($2)
      ORDER BY e.properties -> 'topic', e.properties -> 'channel', e.at DESC, e.id DESC
    ) a
  ), '[]') AS answers,
  coalesce((u.memory ->> 'points')::float8, 0) AS points,
  coalesce(u.memory -> 'badges', '[]') AS badges,
  coalesce(u.memory -> 'flags', '{}') AS flags,
  ARRAY(SELECT previous_id FROM aliases WHERE user_id = u.id ORDER BY 1) AS "previousIds",
  coalesce((
    SELECT jsonb_agg(jsonb_build_object(
      'id', r.id, 'journey', r.journey, 'key', r.key, 'status', r.status, 'step', r.position, 'enteredAt', r.entered_at,
      'endedAt', r.ended_at, 'goalAt', r.goal_at, 'reason', r.reason,
      'until', jsonb_path_query_first(r.body, '$.journal[*] ? (@.status == "waiting").until'),
      'failedCall', (
        SELECT jsonb_build_object('attempts', f.attempts, 'code', f.code, 'failedAt', f.failed_at, 'nextAt', f.next_at)
        FROM call_failures f WHERE f.run_id = r.id AND f.step = r.position AND r.ended_at IS NULL
      )
    ))
    FROM (
      SELECT * FROM runs WHERE user_id = u.id
      ORDER BY status NOT IN ('active', 'failed'), entered_at DESC, id LIMIT ${RUNS}
    ) r
  ), '[]') AS runs
FROM users u
WHERE u.id = ${resolvedId('$1')}`;

/**
 * Finds a user.
 * @param id their id, or one that was merged into it
 * @returns null when there is no such user
 */
export async function findUser({ pool }: Database, id: string): Promise<UserProfile | null> {
  const { rows } = await pool.query<UserProfile>({
    name: 'find-user',
    text: FIND,
    values: [id, Object.values(ANSWERS).flat()],
  });
  return rows[0] ?? null;
}

/** Returns the id that a user is stored under; null when there is no such user. */
export async function findUserId({ pool }: Database, id: string): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'find-user-id',
    text: `SELECT id FROM users WHERE id = ${resolvedId('$1')}`,
    values: [id],
  });
  return rows[0]?.id ?? null;
}
