import type { Pool } from 'pg';
import { storableText, type JsonObject } from '../engine/model/json';
import type { ChannelName, Message, Reach, RecordedEvent } from '../engine/model/state';

/** A message on its way, as far as delivering it goes. */
export interface OpenMessage {
  readonly id: string;
  readonly runId: string;
  readonly journey: string;
  readonly step: string;
  readonly channel: ChannelName;
  readonly template: string;
  readonly data: JsonObject;
  readonly transactional: boolean;
  readonly expiresAt: number;
}

/** The columns of an open message, as pairs for `json_build_object`. */
export const OPEN_MESSAGE_COLUMNS = `'id', id, 'run_id', run_id, 'journey', journey, 'step', step, 'channel', channel, 'template', template, 'data', data, 'transactional', transactional, 'expires_at', expires_at`;

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

export function toOpenMessage({ run_id: runId, expires_at: expiresAt, ...rest }: OpenMessageRow): OpenMessage {
  return { ...rest, runId, expiresAt };
}

/** A message claimed for one attempt, with what its template needs. */
export interface ClaimedMessage extends OpenMessage {
  /** This attempt's number, the first being 1; what an earlier one does afterwards counts no more. */
  readonly attempts: number;
  readonly user: { readonly id: string; readonly traits: JsonObject; readonly stage: string };
  /** As it is now; it may have been withdrawn since the message was decided. */
  readonly consent: Reach['consent'];
  readonly event: RecordedEvent;
}

/** What stands for the event in the template of a message that belongs to no run: the request to send it. */
export function requestOf({ id, decidedAt, data }: Pick<Message, 'id' | 'decidedAt' | 'data'>): RecordedEvent {
  return { id, name: 'message', at: decidedAt, properties: data };
}

/** How long a claim lasts unless it is renewed. Long enough for a stall, short enough for a retry after a crash. */
export const LEASE_SECONDS = 20;

/** SQL: an event of the user that no worker has looked at yet, which may be an exit. */
const UNSEEN = '(SELECT e.id FROM events e WHERE e.user_id = u.id AND e.pending LIMIT 1)';
/** So long it takes to look at one, nearly always. */
const LOOK_MS = 1_000;

/**
 * What came of asking for a message. It is `busy` while another attempt holds it, its pause lasts, or something that happened to the
 * user has not been looked at: real milliseconds from now.
 */
export type Claim =
  | { readonly kind: 'claimed'; readonly message: ClaimedMessage }
  | { readonly kind: 'busy'; readonly forMs: number }
  /** A newer release decided about it: only that one surely has its template. */
  | { readonly kind: 'newer' }
  | { readonly kind: 'settled' };

/**
 * Claims a message for one attempt; `settled` when there is nothing left to do.
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
      FROM users u LEFT JOIN LATERAL (SELECT body->'trigger' AS trigger FROM runs r JOIN messages c ON c.run_id = r.id WHERE c.id = $1) t ON true
      WHERE m.id = $1 AND u.id = m.user_id AND u.release <= $3 AND m.status IN ('queued', 'sending', 'retrying') AND (m.lease_until IS NULL OR m.lease_until <= now())
        AND ${UNSEEN} IS NULL
      RETURNING m.id, m.run_id, m.journey, m.step, m.channel, m.template, m.data, m.transactional, m.expires_at, m.attempts, m.decided_at, m.user_id, u.traits, u.stage, u.consent, t.trigger`,
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
    `SELECT greatest(CASE WHEN ${UNSEEN} IS NULL THEN 1 ELSE ${LOOK_MS} END, ceil(extract(epoch FROM m.lease_until - now()) * 1000))::float8 AS ms, u.release > $2 AS newer
     FROM messages m JOIN users u ON u.id = m.user_id WHERE m.id = $1 AND m.status IN ('queued', 'sending', 'retrying')`,
    [id, release],
  );
  if (!open[0]) return { kind: 'settled' };
  return open[0].newer ? { kind: 'newer' } : { kind: 'busy', forMs: open[0].ms };
}

/** Which attempt at which message. */
export interface Attempt {
  readonly id: string;
  readonly attempts: number;
}

/** Keeps the claim of an attempt that takes its time, unless it was lost to a later one. */
export async function renewClaim(pool: Pool, { id, attempts }: Attempt): Promise<void> {
  await pool.query({
    name: 'renew-claim',
    text: "UPDATE messages SET lease_until = now() + make_interval(secs => $3) WHERE id = $1 AND attempts = $2 AND status = 'sending'",
    values: [id, attempts, LEASE_SECONDS],
  });
}

/** What became of an attempt. Times are of the journey clock. */
export interface DeliveryRecord extends Attempt {
  readonly status: 'sent' | 'suppressed' | 'retrying';
  readonly reason: string;
  readonly error: string | null;
  readonly providerId: string | null;
  readonly at: number;
  /** Real milliseconds until the next attempt may begin; for a message that is retried. */
  readonly pauseMs: number | null;
}

/**
 * Records the outcome of an attempt, unless its claim was lost to a later one. What was sent is `sent` in any case, even if a
 * later attempt failed or the user's exit withdrew it meanwhile.
 */
export async function recordDelivery(pool: Pool, record: DeliveryRecord): Promise<void> {
  const { id, attempts, status, reason, error, providerId, at, pauseMs } = record;
  await pool.query({
    name: 'record-delivery',
    text: `UPDATE messages SET status = $2, reason = CASE WHEN $2 = 'suppressed' THEN $3 ELSE reason END, last_error = $4,
      provider_id = $5, sent_at = CASE WHEN $2 = 'sent' THEN $6::bigint END, lease_until = now() + make_interval(secs => $8::float8 / 1000)
      WHERE id = $1 AND ((status = 'sending' AND attempts = $7) OR ($2 = 'sent' AND status IN ('sending', 'retrying', 'cancelled')))`,
    values: [
      id,
      status,
      reason,
      error && storableText(error),
      providerId && storableText(providerId),
      at,
      attempts,
      pauseMs,
    ],
  });
}
