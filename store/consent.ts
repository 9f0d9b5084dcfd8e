import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { ChannelName } from '../engine/model/state';
import { resolvedId, withUser } from './aliases';
import { retryOnConflict } from './conflict';
import type { Database } from './database';
import { isAwaited, type PendingEvent } from './pending';
import { CHANGES } from './stored-journeys';

/** A user's explicit answers, by channel. */
export type Consent = Readonly<Partial<Record<ChannelName, boolean>>>;

/** A change of consent. */
export interface ConsentChange {
  readonly userId: string;
  readonly answers: Consent;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
  /** Also of whom the user has become since, as for a link in an old mail. */
  readonly alsoAsAlias: boolean;
}

const CHANGE = `
WITH before AS (
  SELECT id, consent, CASE WHEN awaiting_version = $4 THEN awaiting ELSE awaiting || $5::text[] END AS awaiting
  FROM users WHERE id = ${resolvedId('$1')} AND (id = $1 OR $7) FOR UPDATE
), after AS (
  UPDATE users u SET consent = u.consent || $2::jsonb, version = version + 1, awaiting_version = '' FROM before WHERE u.id = before.id
  RETURNING u.id, u.consent
), answer AS (
  SELECT before.*, key AS channel, CASE WHEN value::boolean THEN 'Subscribed' ELSE 'Unsubscribed' END AS name
  FROM before, jsonb_each($2::jsonb)
  WHERE coalesce((consent -> key)::boolean, true) <> value::boolean
), stored AS (
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, active, pending)
  SELECT
    id, gen_random_uuid()::text, 'consent', name, $3::bigint, $3::bigint, jsonb_build_object('channel', channel), false,
    ${isAwaited('name', 'false', 'awaiting')} OR ${CHANGES} > $6
  FROM answer
  RETURNING id, user_id, name, pending
)
SELECT
  after.consent,
  coalesce((
    SELECT jsonb_agg(jsonb_build_object('userId', user_id, 'id', id::text, 'name', name)) FROM stored WHERE pending
  ), '[]') AS pending
FROM after`;

/**
 * Records what a user answered, with an event `Subscribed` or `Unsubscribed` {channel} for each channel whose answer is another now.
 * @returns all their answers, and events somebody waits for; null when there is no such user
 */
export async function changeConsent(
  { pool }: Database,
  { current: { version, reactsTo }, changes }: DefinitionsProvider,
  { userId, answers, at, alsoAsAlias }: ConsentChange,
): Promise<{ readonly consent: Consent; readonly pending: readonly PendingEvent[] } | null> {
  const values = [userId, JSON.stringify(answers), at, version, reactsTo, changes, alsoAsAlias];
  return withUser(pool, userId, async () => {
    const { rows } = await retryOnConflict(() =>
      pool.query<{ consent: Consent; pending: PendingEvent[] }>(CHANGE, values),
    );
    return rows[0] ?? null;
  });
}
