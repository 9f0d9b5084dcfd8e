import type { Pool } from 'pg';
import type { JsonObject } from '../engine/json';
import type { ChannelName, RecordedEvent } from '../engine/state';

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
  readonly user: { readonly id: string; readonly traits: JsonObject; readonly stage: string };
  readonly event: RecordedEvent;
}

/** How long a claim lasts unless it is renewed. Long enough for a stall, short enough for a retry after a crash. */
export const LEASE_SECONDS = 20;

/** Claims a message for one attempt. `busy` while another attempt holds it, `settled` when there is nothing left to do. */
export async function claimMessage(pool: Pool, id: string): Promise<ClaimedMessage | 'busy' | 'settled'> {
  const { rows } = await pool.query<
    OpenMessageRow & { user_id: string; traits: JsonObject; stage: string; trigger: RecordedEvent | null }
  >({
    name: 'claim-message',
    text: `UPDATE messages m SET status = 'sending', attempts = attempts + 1, lease_until = now() + make_interval(secs => $2)
      FROM users u LEFT JOIN LATERAL (SELECT body->'trigger' AS trigger FROM runs r JOIN messages c ON c.run_id = r.id WHERE c.id = $1) t ON true
      WHERE m.id = $1 AND u.id = m.user_id AND m.status IN ('queued', 'sending', 'retrying') AND (m.lease_until IS NULL OR m.lease_until < now())
      RETURNING m.id, m.run_id, m.journey, m.step, m.channel, m.template, m.data, m.transactional, m.expires_at, m.user_id, u.traits, u.stage, t.trigger`,
    values: [id, LEASE_SECONDS],
  });
  const row = rows[0];
  if (row) {
    const { user_id: userId, traits, stage, trigger, ...message } = row;
    const event = trigger ?? { id: row.id, name: 'message', at: 0, properties: row.data };
    return { ...toOpenMessage(message), user: { id: userId, traits, stage }, event };
  }
  const open = await pool.query("SELECT FROM messages WHERE id = $1 AND status IN ('queued', 'sending', 'retrying')", [
    id,
  ]);
  return open.rowCount === 0 ? 'settled' : 'busy';
}

/** Keeps a claim while an attempt takes its time. */
export async function renewClaim(pool: Pool, id: string): Promise<void> {
  await pool.query({
    name: 'renew-claim',
    text: "UPDATE messages SET lease_until = now() + make_interval(secs => $2) WHERE id = $1 AND status = 'sending'",
    values: [id, LEASE_SECONDS],
  });
}

/** What became of an attempt. Times are of the journey clock. */
export interface DeliveryRecord {
  readonly id: string;
  readonly status: 'sent' | 'suppressed' | 'retrying';
  readonly reason: string;
  readonly error: string | null;
  readonly providerId: string | null;
  readonly at: number;
}

/** Records the outcome of an attempt; a message the user's exit withdrew meanwhile is `sent` all the same if it was. */
export async function recordDelivery(pool: Pool, record: DeliveryRecord): Promise<void> {
  const { id, status, reason, error, providerId, at } = record;
  await pool.query({
    name: 'record-delivery',
    text: `UPDATE messages SET status = $2, reason = CASE WHEN $2 = 'suppressed' THEN $3 ELSE reason END, last_error = $4,
      provider_id = $5, sent_at = CASE WHEN $2 = 'sent' THEN $6::bigint END, lease_until = NULL
      WHERE id = $1 AND (status = 'sending' OR ($2 = 'sent' AND status = 'cancelled'))`,
    values: [id, status, reason, error, providerId, at],
  });
}
