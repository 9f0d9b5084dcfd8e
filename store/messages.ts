import type { Pool } from 'pg';
import { storableText, type JsonObject } from '../engine/model/json';
import type { ChannelName, Message, RecordedEvent, SuppressCause } from '../engine/model/state';
import { Gatherer, remembered } from './gatherer';
import { prepared } from './sql';
import { rememberBounce } from './suppressions';

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
  /** Absent or null if it has none. */
  readonly topic?: string | null;
  /** Epoch milliseconds of the journey clock. */
  readonly expiresAt: number;
}

/** SQL: the columns of an open message, as arguments of `json_build_object`. */
export const OPEN_MESSAGE_COLUMNS = `
  'id', id, 'run_id', run_id, 'journey', journey, 'step', step, 'channel', channel, 'template', template, 'data', data,
  'transactional', transactional, 'topic', topic, 'expires_at', expires_at`;

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
  readonly topic: string | null;
  readonly expires_at: number;
}

/** Turns a row into a message. */
export function toOpenMessage({ run_id: runId, expires_at: expiresAt, ...rest }: OpenMessageRow): OpenMessage {
  return { ...rest, runId, expiresAt };
}

/** Returns the event for the template of a message that belongs to no run: it stands for the request to send the message. */
export function requestOf({ id, decidedAt, data }: Pick<Message, 'id' | 'decidedAt' | 'data'>): RecordedEvent {
  return { id, name: 'message', at: decidedAt, properties: data };
}

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

/** One attempt at one message. */
export interface Attempt {
  readonly id: string;
  readonly attempts: number;
}

/** Why a channel does not deliver a message. */
export type DeliveryCause = 'address' | 'subscription' | 'bounced' | 'template' | 'stopped';

/** The outcome of an attempt. */
export interface DeliveryRecord extends Attempt {
  readonly status: 'sent' | 'suppressed' | 'retrying';
  /** Why it is not sent, as a code; null unless it is suppressed. */
  readonly cause: SuppressCause | DeliveryCause | null;
  /** Text for people. */
  readonly reason: string;
  readonly error: string | null;
  readonly providerId: string | null;
  /** The provider that answered, or that may have taken the message without an answer; null when the channel has only one way. */
  readonly provider?: string | null;
  /** The address that takes no mail, now or ever; null when the attempt did not find that out. */
  readonly deadAddress: string | null;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
  /** Real milliseconds until the next attempt may begin; null unless the message is retried. */
  readonly pauseMs: number | null;
  /** Nothing was handed over, so the attempt did not fail. Default: false. */
  readonly isWait?: boolean;
}

/** SQL: a row for a message that was sent. */
const SENT = `status = 'sent',
  reason = CASE WHEN status IN ('cancelled', 'suppressed') THEN 'too late to stop: ' || reason ELSE reason END,
  cause = NULL, last_error = NULL, provider_id = sent.provider_id, provider = sent.provider, sent_at = sent.at, lease_until = NULL`;

/** SQL: whether a message may still become one that was sent: whatever a later attempt or the user's exit made of it meanwhile. */
const MAY_BE_SENT = `status IN ('sending', 'retrying', 'cancelled', 'suppressed')`;

type SentMessage = Pick<DeliveryRecord, 'id' | 'providerId' | 'at'> & { readonly provider: string | null };

const RECORD_SENT = prepared<SentMessage>(
  'record-sent',
  (param) => `
UPDATE messages SET ${SENT}
FROM (SELECT ${param.providerId}::text AS provider_id, ${param.provider}::text AS provider, ${param.at}::bigint AS at) sent
WHERE messages.id = ${param.id} AND ${MAY_BE_SENT}`,
);

interface SentMessages {
  readonly ids: readonly string[];
  readonly providerIds: readonly (string | null)[];
  readonly providers: readonly (string | null)[];
  readonly times: readonly number[];
  readonly count: number;
}

/**
 * Leaves out messages that somebody else has locked, so that no message waits for another. The planner takes an unknown limit for a
 * tenth of the rows of `unnest`, which is one: then the plan reads only indexes, also if it was made while the table was empty.
 */
const RECORD_SENT_TOGETHER = prepared<SentMessages>(
  'record-sent-together',
  (param) => `
WITH sent AS (
  SELECT given.*, unlocked.place FROM (
    SELECT * FROM unnest(${param.ids}::uuid[], ${param.providerIds}::text[], ${param.providers}::text[], ${param.times}::bigint[])
      AS one (id, provider_id, provider, at)
    LIMIT ${param.count}
  ) given CROSS JOIN LATERAL (
    SELECT messages.ctid AS place FROM messages WHERE messages.id = given.id AND ${MAY_BE_SENT} FOR NO KEY UPDATE SKIP LOCKED
  ) unlocked
)
-- By its place, each row is found without any index or table that a plan could choose to read in full.
UPDATE messages SET ${SENT} FROM sent WHERE messages.ctid = sent.place AND ${MAY_BE_SENT} RETURNING messages.id`,
);

const RECORD_FAILURE = prepared<DeliveryRecord>(
  'record-failure',
  (param) => `
WITH bounce AS (${rememberBounce(param)}
), recorded AS (
  UPDATE messages SET
    status = ${param.status},
    reason = CASE WHEN ${param.status} = 'suppressed' THEN ${param.reason} ELSE reason END,
    cause = coalesce(${param.cause}, cause),
    last_error = ${param.error},
    provider_id = ${param.providerId},
    provider = coalesce(${param.provider}, provider),
    waits = waits + ${param.isWait}::boolean::int,
    sent_at = NULL,
    lease_until = now() + make_interval(secs => ${param.pauseMs}::float8 / 1000)
  -- A claim that ran out may have been taken away, but no other attempt has begun.
  WHERE id = ${param.id} AND status IN ('sending', 'retrying') AND attempts = ${param.attempts}
  RETURNING id, status
)
-- A message that nobody will get is reported to its run; see given-up.ts.
INSERT INTO given_up_messages (id, bounced, detail, at)
SELECT id, ${param.deadAddress}::text IS NOT NULL, coalesce(${param.error}, ${param.reason}), ${param.at}::bigint
FROM recorded WHERE status = 'suppressed' ON CONFLICT DO NOTHING`,
);

const gathererOf = remembered(
  (pool: Pool) =>
    new Gatherer<SentMessage, true>({
      alone: (message) => pool.query(RECORD_SENT(message)).then(() => true),
      together: (messages) => recordSent(pool, messages),
    }),
);

/**
 * Records the outcome of an attempt, what it showed about the address, and that a message is given up, of which `reportGivenUp` tells.
 * Does nothing if a later attempt has begun, with one exception: a message that was sent is recorded as sent, whatever a later attempt
 * or the user's exit made of it meanwhile. Messages that are sent at the same time are recorded by one statement.
 */
export async function recordDelivery(pool: Pool, record: DeliveryRecord): Promise<void> {
  const { id, at, error, provider = null, isWait = false } = record;
  const providerId = record.providerId && storableText(record.providerId);
  if (record.status === 'sent') await gathererOf(pool).ask({ id, providerId, provider, at });
  else
    await pool.query(RECORD_FAILURE({ ...record, provider, isWait, error: error && storableText(error), providerId }));
}

/** A message that is not recorded may only be locked, so that is repeated alone. */
async function recordSent(pool: Pool, messages: readonly SentMessage[]): Promise<(true | undefined)[]> {
  const { rows } = await pool.query<{ id: string }>(
    RECORD_SENT_TOGETHER({
      ids: messages.map(({ id }) => id),
      providerIds: messages.map(({ providerId }) => providerId),
      providers: messages.map(({ provider }) => provider),
      times: messages.map(({ at }) => at),
      count: messages.length,
    }),
  );
  const recorded = new Set(rows.map(({ id }) => id));
  return messages.map(({ id }) => recorded.has(id) || undefined);
}
