import type { Pool } from 'pg';
import { storableText, type JsonObject } from '../engine/model/json';
import type { ChannelName, Message, Reach, RecordedEvent, SuppressCause } from '../engine/model/state';
import { prepared } from './sql';

/** A message that is not delivered yet, with what its delivery needs. */
export interface OpenMessage {
  readonly id: string;
  readonly runId: string;
  readonly journey: string;
  readonly step: string;
  readonly channel: ChannelName;
  readonly template: string;
  readonly data: JsonObject;
  readonly transactional: boolean;
  /** Epoch milliseconds of the journey clock. */
  readonly expiresAt: number;
}

/** SQL: the columns of an open message, as arguments of `json_build_object`. */
export const OPEN_MESSAGE_COLUMNS = `
  'id', id, 'run_id', run_id, 'journey', journey, 'step', step, 'channel', channel, 'template', template, 'data', data,
  'transactional', transactional, 'expires_at', expires_at`;

/** An open message as the database returns it. */
export interface OpenMessageRow {
  readonly id: string;
  readonly run_id: string;
  readonly journey: string;
  readonly step: string;
  readonly channel: ChannelName;
  readonly template: string;
  readonly data: JsonObject;
  readonly transactional: boolean;
  readonly expires_at: number;
}

/** Turns a row into a message. */
export function toOpenMessage({ run_id: runId, expires_at: expiresAt, ...rest }: OpenMessageRow): OpenMessage {
  return { ...rest, runId, expiresAt };
}

/** A message claimed for one attempt at delivery, with what its template needs. */
export interface ClaimedMessage extends OpenMessage {
  /** The number of this attempt, beginning with 1. From now on, results of earlier attempts are ignored. */
  readonly attempts: number;
  readonly user: { readonly id: string; readonly traits: JsonObject; readonly stage: string };
  /** The present consent. It may have been withdrawn since the message was decided. */
  readonly consent: Reach['consent'];
  readonly event: RecordedEvent;
}

/** Returns the event for the template of a message that belongs to no run: it stands for the request to send the message. */
export function requestOf({ id, decidedAt, data }: Pick<Message, 'id' | 'decidedAt' | 'data'>): RecordedEvent {
  return { id, name: 'message', at: decidedAt, properties: data };
}

/** Real seconds that a claim lasts unless it is renewed: long enough for a stall, short enough for a retry after a crash. */
export const LEASE_SECONDS = 20;

/** Messages of one advance that their process delivers at once. */
const AT_ONCE = 50;

/**
 * Of the messages that an advance has queued, those that it claims and delivers at once. The others are stored as due, and are
 * handed over in portions, so that a user with any number of messages does not hold up a worker.
 */
export function claimedAtOnce<Queued>(queued: readonly Queued[]): readonly Queued[] {
  return queued.slice(0, AT_ONCE);
}

/** The most undelivered messages that are loaded with a user, the oldest ones. It is twice what can be in flight. */
export const OPEN_AT_ONCE = 100;

/** SQL: a pending event of the user, which may be an exit; null when there is none. */
const PENDING_EVENT = '(SELECT e.id FROM events e WHERE e.user_id = u.id AND e.pending LIMIT 1)';
/** Typical time to process one pending event, in real milliseconds. */
const PROCESSING_MS = 1_000;

/** The result of `claimMessage`. */
export type Claim =
  | { readonly kind: 'claimed'; readonly message: ClaimedMessage }
  /**
   * Another attempt has the message, its pause lasts, or an event of the user is pending. Ask again after `forMs` real
   * milliseconds.
   */
  | { readonly kind: 'busy'; readonly forMs: number }
  /** A newer release decided about this user last. Only that release is certain to have the template. */
  | { readonly kind: 'newer' }
  /** There is nothing left to deliver. */
  | { readonly kind: 'settled' };

/**
 * Claims a message for one attempt at delivery.
 * @param release number of the release that asks
 */
export async function claimMessage(pool: Pool, id: string, release: number): Promise<Claim> {
  const { rows } = await pool.query<
    OpenMessageRow & {
      attempts: number;
      user_id: string;
      traits: JsonObject;
      stage: string;
      consent: Reach['consent'];
      trigger: RecordedEvent | null;
      decided_at: number;
    }
  >({
    name: 'claim-message',
    text: `UPDATE messages m SET status = 'sending', attempts = attempts + 1, lease_until = now() + make_interval(secs => $2)
      FROM users u LEFT JOIN LATERAL (
        SELECT body->'trigger' AS trigger FROM runs r JOIN messages c ON c.run_id = r.id WHERE c.id = $1
      ) t ON true
      WHERE m.id = $1 AND u.id = m.user_id AND u.release <= $3 AND m.status IN ('queued', 'sending', 'retrying')
        AND (m.lease_until IS NULL OR m.lease_until <= now()) AND ${PENDING_EVENT} IS NULL
      RETURNING m.id, m.run_id, m.journey, m.step, m.channel, m.template, m.data, m.transactional, m.expires_at, m.attempts, m.decided_at,
        m.user_id, u.traits, u.stage, u.consent, t.trigger`,
    values: [id, LEASE_SECONDS, release],
  });
  const row = rows[0];
  if (row) {
    const { user_id: userId, traits, stage, consent, trigger, attempts, decided_at: decidedAt, ...message } = row;
    const event = trigger ?? requestOf({ ...message, decidedAt });
    return {
      kind: 'claimed',
      message: { ...toOpenMessage(message), attempts, user: { id: userId, traits, stage }, consent, event },
    };
  }
  const { rows: open } = await pool.query<{ ms: number; newer: boolean }>(
    `SELECT u.release > $2 AS newer, greatest(
       CASE WHEN ${PENDING_EVENT} IS NULL THEN 1 ELSE ${PROCESSING_MS} END, ceil(extract(epoch FROM m.lease_until - now()) * 1000)
     )::float8 AS ms
     FROM messages m JOIN users u ON u.id = m.user_id WHERE m.id = $1 AND m.status IN ('queued', 'sending', 'retrying')`,
    [id, release],
  );
  if (!open[0]) return { kind: 'settled' };
  return open[0].newer ? { kind: 'newer' } : { kind: 'busy', forMs: open[0].ms };
}

/** One attempt at one message. */
export interface Attempt {
  readonly id: string;
  readonly attempts: number;
}

/** Extends the claim of an attempt that takes long. Does nothing if a later attempt has the claim. */
export async function renewClaim(pool: Pool, { id, attempts }: Attempt): Promise<void> {
  await pool.query({
    name: 'renew-claim',
    text: "UPDATE messages SET lease_until = now() + make_interval(secs => $3) WHERE id = $1 AND attempts = $2 AND status = 'sending'",
    values: [id, attempts, LEASE_SECONDS],
  });
}

/** Why a channel does not deliver a message. */
export type DeliveryCause = 'address' | 'subscription' | 'bounced' | 'template';

/** The outcome of an attempt. */
export interface DeliveryRecord extends Attempt {
  readonly status: 'sent' | 'suppressed' | 'retrying';
  /** Why it is not sent, as a code; null unless it is suppressed. */
  readonly cause: SuppressCause | DeliveryCause | null;
  /** Text for people. */
  readonly reason: string;
  readonly error: string | null;
  readonly providerId: string | null;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
  /** Real milliseconds until the next attempt may begin; null unless the message is retried. */
  readonly pauseMs: number | null;
}

const RECORD_DELIVERY = prepared<DeliveryRecord>(
  'record-delivery',
  (param) => `
UPDATE messages SET
  status = ${param.status},
  reason = CASE WHEN ${param.status} = 'suppressed' THEN ${param.reason} ELSE reason END,
  cause = coalesce(${param.cause}, cause),
  last_error = ${param.error},
  provider_id = ${param.providerId},
  sent_at = CASE WHEN ${param.status} = 'sent' THEN ${param.at}::bigint END,
  lease_until = now() + make_interval(secs => ${param.pauseMs}::float8 / 1000)
WHERE id = ${param.id} AND (
  (status = 'sending' AND attempts = ${param.attempts})
  OR (${param.status} = 'sent' AND status IN ('sending', 'retrying', 'cancelled')))`,
);

/**
 * Records the outcome of an attempt. Does nothing if a later attempt has the claim, with one exception: a message that was sent is
 * recorded as sent, even if a later attempt failed or the user's exit cancelled the message meanwhile.
 */
export async function recordDelivery(pool: Pool, record: DeliveryRecord): Promise<void> {
  const { id, attempts, status, cause, reason, error, providerId, at, pauseMs } = record;
  const query = RECORD_DELIVERY({
    id,
    attempts,
    status,
    cause,
    reason,
    error: error && storableText(error),
    providerId: providerId && storableText(providerId),
    at,
    pauseMs,
  });
  await pool.query(query);
}
