import type { PoolClient } from 'pg';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import { TOPIC_EVENTS, type Chosen } from '../engine/model/preferences';
import type { JsonObject } from '../engine/model/json';
import type { Reach } from '../engine/model/state';
import type { Preferences, TopicAnswer } from '../engine/model/topic-answer';
import { resolvedId, withUser } from './aliases';
import { retryOnConflict } from './conflict';
import type { Origin } from './consent';
import type { Database } from './database';
import { isAwaited, likelyWorkflow, type PendingEvent } from './pending';
import { statement } from './sql';
import { CHANGES } from './stored-journeys';
import { inTransaction } from './transaction';

/** The part of a user's reach that the column `topics` has. */
export function answersAboutTopics(topics: Preferences): Pick<Reach, 'topics'> {
  return Object.keys(topics).length === 0 ? {} : { topics };
}

/** Changes of what a user answers about topics. */
export interface PreferencesChange {
  readonly userId: string;
  /** By topic, what becomes of the former answer. */
  readonly answers: ReadonlyMap<string, (before: TopicAnswer | undefined) => Chosen>;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
  /** Whether the change also applies when `userId` was merged into another user since, as for a link in an old mail. */
  readonly alsoAsAlias: boolean;
  readonly origin: Origin;
}

const LOCK = statement<{ readonly userId: string; readonly alsoAsAlias: boolean }>(
  (param) => `
SELECT id, topics FROM users WHERE id = ${resolvedId(param.userId)} AND (id = ${param.userId} OR ${param.alsoAsAlias}) FOR UPDATE`,
);

interface WriteValues {
  readonly id: string;
  /** The text of a JSON object. */
  readonly topics: string;
  /** The text of a JSON array of `{ name, properties }`. */
  readonly events: string;
  readonly at: number;
  readonly version: string;
  readonly reactsTo: readonly string[];
  readonly changes: number;
}

const WRITE = statement<WriteValues>(
  (param) => `
WITH before AS (
  -- As in a change of consent: what is awaited is known only if these definitions decided last.
  SELECT id, asleep,
    CASE WHEN awaiting_version = ${param.version} THEN awaiting ELSE awaiting || ${param.reactsTo}::text[] END AS awaiting
  FROM users WHERE id = ${param.id}
), after AS (
  UPDATE users u SET topics = ${param.topics}::jsonb, version = version + 1, awaiting_version = ''
  FROM before WHERE u.id = before.id
), stored AS (
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, active, pending)
  SELECT
    before.id, gen_random_uuid()::text, 'consent', told.name, ${param.at}::bigint, ${param.at}::bigint, told.properties, false,
    ${isAwaited('told.name', 'false', 'awaiting')} OR ${CHANGES} > ${param.changes}
  FROM before, ROWS FROM (jsonb_to_recordset(${param.events}::jsonb) AS (name text, properties jsonb))
    WITH ORDINALITY AS told (name, properties, n)
  ORDER BY told.n
  RETURNING id, user_id, name, pending
)
SELECT stored.user_id AS "userId", stored.id::text AS id, stored.name, ${likelyWorkflow('asleep')} AS workflow
FROM stored, before WHERE pending`,
);

/** What a user has answered, and the events that are awaited. */
export interface ChangedPreferences {
  readonly topics: Preferences;
  readonly pending: readonly PendingEvent[];
}

/**
 * Records what a user answers about topics. Each change is an event with the property `topic`, where it came from, and the wording.
 * @returns all answers of the user about topics; null when there is no such user
 */
export async function changePreferences(
  { pool }: Database,
  provider: DefinitionsProvider,
  change: PreferencesChange,
): Promise<ChangedPreferences | null> {
  return withUser(pool, change.userId, () =>
    retryOnConflict(() => inTransaction(pool, (client) => changeUnderLock(client, provider, change))),
  );
}

async function changeUnderLock(
  client: PoolClient,
  { current: { version, reactsTo }, changes }: DefinitionsProvider,
  { userId, answers, at, alsoAsAlias, origin }: PreferencesChange,
): Promise<ChangedPreferences | null> {
  const { rows } = await client.query<{ id: string; topics: Preferences }>(LOCK({ userId, alsoAsAlias }));
  const [user] = rows;
  if (!user) return null;
  const chosen = [...answers].map(([topic, answer]) => {
    return [topic, answer(Object.hasOwn(user.topics, topic) ? user.topics[topic] : undefined)] as const;
  });
  const changed = chosen.filter(([, { events }]) => events.length > 0);
  if (changed.length === 0) return { topics: user.topics, pending: [] };
  const topics = { ...user.topics, ...Object.fromEntries(changed.map(([topic, { answer }]) => [topic, answer])) };
  const events = changed.flatMap(([, one]) =>
    one.events.map(({ name, properties }) => ({ name, properties: { ...properties, ...origin } })),
  );
  const write = {
    id: user.id,
    topics: JSON.stringify(topics),
    events: JSON.stringify(events),
    at,
    version,
    reactsTo,
    changes,
  };
  const { rows: pending } = await client.query<PendingEvent>(WRITE(write));
  return { topics, pending };
}

/** The user's answers about topics, and what pages say to them. */
export interface PersonOfPage {
  readonly id: string;
  readonly traits: JsonObject;
  readonly consent: Reach['consent'];
  readonly topics: Preferences;
}

/**
 * What a page of preferences shows of a user.
 * @param id their id, or one that was merged into it
 * @returns null when there is no such user
 */
export async function findPreferences({ pool }: Database, id: string): Promise<PersonOfPage | null> {
  const { rows } = await pool.query<PersonOfPage>({
    name: 'find-preferences',
    text: `SELECT id, traits, consent, topics FROM users WHERE id = ${resolvedId('$1')}`,
    values: [id],
  });
  return rows[0] ?? null;
}

/** The names of the events that are answers: a yes, a no, and a yes that is not confirmed yet. */
export const ANSWERS = {
  yes: ['Consent Given', TOPIC_EVENTS.subscribed],
  no: ['Unsubscribed', TOPIC_EVENTS.unsubscribed],
  pending: [TOPIC_EVENTS.confirm],
} as const;
