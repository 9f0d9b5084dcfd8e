import type { Pool } from 'pg';
import { withoutSecrets } from '../engine/model/forgetting';
import type { Json, JsonObject } from '../engine/model/json';
import { STATE_FORMAT, type Reach, type RecordedEvent, type StepRecord } from '../engine/model/state';
import { readRecord } from '../engine/model/stored';
import { answersBefore } from '../engine/replay/answers';
import type { AnswersRead } from './answers-read';
import { requestOf, toOpenMessage, type Attempt, type OpenMessage, type OpenMessageRow } from './messages';
import { prepared } from './sql';
import { suppressedReach, suppressionsOf, type Suppressions } from './suppressions';

/** Real seconds that a claim lasts unless it is renewed: long enough for a stall, short enough for a retry after a crash. */
export const LEASE_SECONDS = 20;
/**
 * Real seconds for which a message is left alone after a claim ran out without an outcome. The worker that had it may be cut off
 * from the database, or frozen, and may know that the message was sent. It needs to reconnect and to record many outcomes.
 */
const GRACE_SECONDS = 10;
/** Typical time to process one pending event, in real milliseconds. */
const PROCESSING_MS = 1_000;

/** SQL: a pending event of the user, which may be an exit; null when there is none. */
const PENDING_EVENT = '(SELECT e.id FROM events e WHERE e.user_id = u.id AND e.pending LIMIT 1)';

/** The answers that may have changed since a message was decided. */
export type PresentReach = Pick<Reach, 'consent' | 'suppressed'>;

/** A message claimed for one attempt at delivery, with what its template needs. */
export interface ClaimedMessage extends OpenMessage {
  /** The number of this attempt, beginning with 1. From now on, results of earlier attempts are ignored. */
  readonly attempts: number;
  readonly user: { readonly id: string; readonly traits: JsonObject; readonly stage: string };
  readonly reach: PresentReach;
  readonly event: RecordedEvent;
  readonly steps: Readonly<Record<string, Json>>;
}

/** The result of `claimMessage`. */
export type Claim =
  | { readonly kind: 'claimed'; readonly message: ClaimedMessage }
  /**
   * Another attempt has the message, its pause lasts, or an event of the user is pending. Ask again after `forMs` real
   * milliseconds.
   */
  | { readonly kind: 'busy'; readonly forMs: number }
  /** A newer release decided about this user last. Only that release is certain to have the template, and to know the journal. */
  | { readonly kind: 'newer' }
  /** There is nothing left to deliver. */
  | { readonly kind: 'settled' };

interface ClaimValues {
  readonly id: string;
  readonly release: number;
  readonly stateFormat: number;
  readonly answersRead: AnswersRead;
  readonly leaseSeconds: number;
  readonly graceSeconds: number;
}

interface ClaimRow extends OpenMessageRow {
  readonly status: 'sending' | 'retrying';
  readonly attempts: number;
  readonly user_id: string;
  readonly traits: JsonObject;
  readonly stage: string;
  readonly consent: Reach['consent'];
  readonly suppressions: Suppressions;
  readonly trigger: RecordedEvent | null;
  /** What it has of the answers that the template reads; null if it reads none. */
  readonly journal: readonly StepRecord[] | null;
  readonly decided_at: number;
}

const CLAIM = prepared<ClaimValues>(
  'claim-message',
  (param) => `
UPDATE messages m SET
  -- A claim that ran out without an outcome is only taken from its holder. The next claim is a new attempt.
  status = CASE WHEN m.status = 'sending' THEN 'retrying' ELSE 'sending' END,
  attempts = CASE WHEN m.status = 'sending' THEN attempts ELSE attempts + 1 END,
  lease_until = now() + make_interval(secs =>
    CASE WHEN m.status = 'sending' THEN ${param.graceSeconds}::float8 ELSE ${param.leaseSeconds}::float8 END)
FROM users u LEFT JOIN LATERAL (
  SELECT body->'trigger' AS trigger, CASE WHEN read.steps IS NOT NULL THEN (
    -- Of the journal only what tells these answers: the steps, the message, and all messages, since an edit may have renamed one.
    SELECT jsonb_agg(record ORDER BY n) FROM jsonb_array_elements(body->'journal') WITH ORDINALITY AS j (record, n)
    WHERE read.steps = 'true' OR read.steps ? (record->>'step') OR record->>'step' = c.step OR record ? 'content'
  ) END AS journal
  FROM messages c JOIN runs r ON r.id = c.run_id CROSS JOIN LATERAL (
    SELECT coalesce(
      ${param.answersRead}::jsonb -> (c.journey || '/' || c.channel || '/' || c.template),
      ${param.answersRead}::jsonb -> ('*/' || c.channel || '/' || c.template)
    ) AS steps
  ) read WHERE c.id = ${param.id}
) t ON true
WHERE m.id = ${param.id} AND u.id = m.user_id AND u.release <= ${param.release} AND u.state_format <= ${param.stateFormat}::int
  AND m.status IN ('queued', 'sending', 'retrying')
  AND (m.lease_until IS NULL OR m.lease_until <= now()) AND ${PENDING_EVENT} IS NULL
RETURNING m.id, m.run_id, m.journey, m.step, m.channel, m.template, m.data, m.transactional, m.expires_at, m.status, m.attempts,
  m.decided_at, m.user_id, u.traits, u.stage, u.consent, ${suppressionsOf('u')} AS suppressions, t.trigger, t.journal`,
);

const WHY_NOT = prepared<Pick<ClaimValues, 'id' | 'release' | 'stateFormat'> & { readonly processingMs: number }>(
  'why-not-claimed',
  (param) => `
SELECT u.release > ${param.release} OR u.state_format > ${param.stateFormat}::int AS newer, greatest(
  CASE WHEN ${PENDING_EVENT} IS NULL THEN 1 ELSE ${param.processingMs}::float8 END,
  ceil(extract(epoch FROM m.lease_until - now()) * 1000)
)::float8 AS ms
FROM messages m JOIN users u ON u.id = m.user_id WHERE m.id = ${param.id} AND m.status IN ('queued', 'sending', 'retrying')`,
);

/**
 * Claims a message for one attempt at delivery. A claim of another attempt that ran out is first only taken away: its holder then
 * gets `GRACE_SECONDS` to record that the message was sent.
 * @param release number of the release that asks
 * @param answersRead what its templates read
 */
export async function claimMessage(pool: Pool, id: string, release: number, answersRead: AnswersRead): Promise<Claim> {
  const by = { id, release, stateFormat: STATE_FORMAT };
  const claim = CLAIM({ ...by, answersRead, leaseSeconds: LEASE_SECONDS, graceSeconds: GRACE_SECONDS });
  const { rows } = await pool.query<ClaimRow>(claim);
  const row = rows[0];
  if (row?.status === 'retrying') return { kind: 'busy', forMs: GRACE_SECONDS * 1_000 };
  if (row) return { kind: 'claimed', message: toClaimed(row) };
  const { rows: open } = await pool.query<{ ms: number; newer: boolean }>(
    WHY_NOT({ ...by, processingMs: PROCESSING_MS }),
  );
  if (!open[0]) return { kind: 'settled' };
  return open[0].newer ? { kind: 'newer' } : { kind: 'busy', forMs: open[0].ms };
}

function toClaimed({
  status: _,
  user_id,
  traits,
  stage,
  consent,
  suppressions,
  trigger,
  journal,
  ...row
}: ClaimRow): ClaimedMessage {
  const { attempts, decided_at: decidedAt, ...message } = row;
  return {
    ...toOpenMessage(message),
    attempts,
    user: { id: user_id, traits, stage },
    reach: { consent, ...suppressedReach(suppressions) },
    event: trigger ? withoutSecrets(trigger) : requestOf({ ...message, decidedAt }),
    steps: answersBefore({ journal: (journal ?? []).map(readRecord) }, message.step),
  };
}

interface RenewValues extends Attempt {
  readonly leaseSeconds: number;
}

const RENEW = prepared<RenewValues>(
  'renew-claim',
  (param) => `
UPDATE messages SET lease_until = now() + make_interval(secs => ${param.leaseSeconds})
WHERE id = ${param.id} AND attempts = ${param.attempts} AND status = 'sending'`,
);

/** Extends the claim of an attempt that takes long. Does nothing if the claim was taken away. */
export async function renewClaim(pool: Pool, { id, attempts }: Attempt): Promise<void> {
  await pool.query(RENEW({ id, attempts, leaseSeconds: LEASE_SECONDS }));
}

/** The result of `confirmClaim`. */
export type Confirmation =
  | { readonly kind: 'ours'; readonly reach: PresentReach }
  /** An event of the user is pending, which may be an exit. */
  | { readonly kind: 'pending' }
  /** Another attempt has the message, it was withdrawn, or the user was erased. */
  | { readonly kind: 'lost' };

const CONFIRM = prepared<RenewValues>(
  'confirm-claim',
  (param) => `
UPDATE messages m SET lease_until = now() + make_interval(secs => ${param.leaseSeconds})
FROM users u
WHERE m.id = ${param.id} AND m.attempts = ${param.attempts} AND m.status = 'sending' AND u.id = m.user_id
RETURNING u.consent, ${suppressionsOf('u')} AS suppressions, ${PENDING_EVENT} IS NOT NULL AS pending`,
);

/**
 * Asks, right before a message is handed to its provider, whether the claim still holds and what the user answers by now. Renews
 * the claim in the same statement.
 */
export async function confirmClaim(pool: Pool, { id, attempts }: Attempt): Promise<Confirmation> {
  const { rows } = await pool.query<Pick<ClaimRow, 'consent' | 'suppressions'> & { readonly pending: boolean }>(
    CONFIRM({ id, attempts, leaseSeconds: LEASE_SECONDS }),
  );
  const [row] = rows;
  if (!row) return { kind: 'lost' };
  if (row.pending) return { kind: 'pending' };
  return { kind: 'ours', reach: { consent: row.consent, ...suppressedReach(row.suppressions) } };
}
