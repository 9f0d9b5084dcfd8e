import type { DefinitionsProvider } from '../engine/definitions/definitions';
import { CONSENT_EVENTS, type Consent } from '../engine/model/consent';
import { resolvedId, withUser } from './aliases';
import { retryOnConflict } from './conflict';
import type { Database } from './database';
import { isAwaited, likelyWorkflow, type PendingEvent } from './pending';
import { statement } from './sql';
import { CHANGES } from './stored-journeys';
import { forgetAddress, rememberOptOut } from './suppressions';

export type { Consent } from '../engine/model/consent';

/** Where an answer came from, for proof. It becomes part of the events. */
export type Origin = {
  /** Such as `preference page`, `one-click`, `api`, `double opt-in`. */
  readonly source?: string;
  /** What the person read when they answered. Absent when it is not known. */
  readonly wording?: string;
};

/** A change of consent. */
export interface ConsentChange {
  readonly userId: string;
  readonly answers: Consent;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
  /** Whether the change also applies when `userId` was merged into another user since, as for a link in an old mail. */
  readonly alsoAsAlias: boolean;
  /** Default: not known. */
  readonly origin?: Origin;
}

interface ChangeValues {
  readonly userId: string;
  readonly alsoAsAlias: boolean;
  /** The text of a JSON object. */
  readonly answers: string;
  readonly at: number;
  /** The text of a JSON object. */
  readonly origin: string;
  readonly version: string;
  readonly reactsTo: readonly string[];
  readonly changes: number;
}

const CHANGE = statement<ChangeValues>(
  (param) => `
WITH before AS (
  -- What the user awaits is known only if these definitions decided last. Otherwise any event that a journey reacts to may matter
  -- too.
  SELECT id, consent, asleep,
    CASE WHEN awaiting_version = ${param.version} THEN awaiting ELSE awaiting || ${param.reactsTo}::text[] END AS awaiting
  FROM users WHERE id = ${resolvedId(param.userId)} AND (id = ${param.userId} OR ${param.alsoAsAlias}) FOR UPDATE
), after AS (
  UPDATE users u SET consent = u.consent || ${param.answers}::jsonb, version = version + 1, awaiting_version = '',
    -- An answer that is given here is no imported one any more, also if it repeats it.
    imported_consent = u.imported_consent - ARRAY(SELECT jsonb_object_keys(${param.answers}::jsonb))
  FROM before WHERE u.id = before.id
  RETURNING u.id, u.consent, u.traits
), opted_out AS (
  -- The answer holds for the address, whoever's profile it stands in.${rememberOptOut(param, 'after')}
), opted_in AS (${forgetAddress(param, 'after')}
), answer AS (
  -- Every yes, and the answers that differ from the previous ones. A channel without an answer counts as subscribed.
  SELECT before.*, key AS channel, told.name
  FROM before, jsonb_each(${param.answers}::jsonb), LATERAL (VALUES
    (CASE WHEN value::boolean THEN '${CONSENT_EVENTS.subscribed}' ELSE '${CONSENT_EVENTS.unsubscribed}' END,
      coalesce((consent -> key)::boolean, true) <> value::boolean),
    ('${CONSENT_EVENTS.given}', value::boolean)
  ) AS told (name, happened)
  WHERE told.happened
), stored AS (
  -- If the stored journeys have changed and these definitions are older, every event is pending.
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, active, pending)
  SELECT
    id, gen_random_uuid()::text, 'consent', name, ${param.at}::bigint, ${param.at}::bigint, jsonb_build_object('channel', channel) || ${param.origin}::jsonb, false,
    ${isAwaited('name', 'false', 'awaiting')} OR ${CHANGES} > ${param.changes}
  FROM answer
  RETURNING id, user_id, name, pending
)
SELECT
  after.consent,
  coalesce((
    SELECT jsonb_agg(jsonb_build_object('userId', user_id, 'id', s.id::text, 'name', name, 'workflow', ${likelyWorkflow('asleep')}))
    FROM stored s, before WHERE pending
  ), '[]') AS pending
FROM after`,
);

/**
 * Records the answers of a user. Each channel whose answer changes gets an event `Subscribed` or `Unsubscribed` with the property
 * `channel`, and each "yes" an event `Consent Given`, also if it repeats the former answer. A "no" to a channel with addresses also holds for the user's
 * address, whoever's profile it stands in, until a holder of the address says "yes". A "yes" also forgets that messages to it came back.
 * @returns all answers of the user, and the events that are awaited; null when there is no such user
 */
export async function changeConsent(
  { pool }: Database,
  { current: { version, reactsTo }, changes }: DefinitionsProvider,
  { userId, answers, at, alsoAsAlias, origin = {} }: ConsentChange,
): Promise<{ readonly consent: Consent; readonly pending: readonly PendingEvent[] } | null> {
  const texts = { answers: JSON.stringify(answers), origin: JSON.stringify(origin) };
  const change = CHANGE({ userId, alsoAsAlias, ...texts, at, version, reactsTo, changes });
  return withUser(pool, userId, async () => {
    const { rows } = await retryOnConflict(() => pool.query<{ consent: Consent; pending: PendingEvent[] }>(change));
    return rows[0] ?? null;
  });
}
