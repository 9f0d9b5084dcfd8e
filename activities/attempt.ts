import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Json, JsonObject } from '../engine/model/json';
import type { RecordedEvent } from '../engine/model/state';
import type { Switch } from '../engine/model/switch';
import { deliveriesTotal } from '../config/metrics';
import { renewClaim, LEASE_SECONDS, type ClaimedMessage } from '../store/claims';
import { announceInApp } from '../store/in-app-announcements';
import { recordDelivery, type Attempt, type DeliveryRecord, type OpenMessage } from '../store/messages';
import { holdMessage } from '../store/switches';
import { isUnavailable } from '../store/unavailable';
import { pauseMs } from './channels';
import type { Channel, Delivery } from './channels/channel';
import type { ActivityDeps } from './deps';
import type { Templates } from './templates/load';
import { reportGivenUp } from './given-up';
import { HandOver, type Withheld } from './hand-over';

/** The user a message is for, and the event and the answers that its template may use. */
export interface Addressee {
  readonly user: { readonly id: string; readonly traits: JsonObject; readonly stage: string };
  readonly event: RecordedEvent;
  readonly steps: Readonly<Record<string, Json>>;
  /** The templates that came with the definitions under which the message was decided. Default: those in force. */
  readonly templates?: Templates;
}

/** Interval of claim renewals. Real milliseconds. */
const RENEW_MS = (LEASE_SECONDS * 1_000) / 2.5;
/** Aborts an attempt that never ends. It is longer than any channel's own timeouts. Real milliseconds. */
const ATTEMPT_LIMIT_MS = 90_000;

/**
 * Time for which an outcome waits for an unavailable database. After that the attempt is repeated, which may be a second copy. Real
 * milliseconds.
 */
const RECORD_LIMIT_MS = 3_600_000;
const RECORD_EVERY_MS = 500;
/** A message whose switch was just lifted is attempted again after this time, when the worker knows about it. Real milliseconds. */
const LIFTED_MS = 2_000;

/** Stands for a channel that this process can't deliver by: another release may. */
const NO_CHANNEL: Pick<Channel, 'deliver'> = {
  deliver: async () => ({ outcome: 'retry', code: 'no channel', detail: 'this worker has no such channel' }),
};

/** A message claimed by this process. */
export interface Claimed {
  readonly message: OpenMessage & Attempt & Partial<Pick<ClaimedMessage, 'takenBy' | 'waits'>>;
  /** Returns the real milliseconds since the claim began to be made. */
  readonly claimAge: () => number;
}

/**
 * Makes one attempt at a claimed message, renews the claim meanwhile, and records the outcome. A provider's failure is an outcome,
 * not an error. When the outcome can't be recorded, the claim expires and the attempt is repeated under the same id.
 * @returns `lost` when the message turned out to be no longer ours; then nothing is recorded. `stopped` when a switch holds it
 * @throws the database's error when it can't be asked or the outcome can't be recorded
 */
export async function attempt(
  deps: ActivityDeps,
  { message, claimAge }: Claimed,
  { user, event, steps, templates }: Addressee,
): Promise<Withheld> {
  const { pool, clock, channels, switches } = deps;
  const renewal = setInterval(() => void renewClaim(pool, message).catch(() => undefined), RENEW_MS);
  try {
    const ttlMs = Math.max(0, (message.expiresAt - clock.now()) / clock.speed);
    const signal = AbortSignal.timeout(ATTEMPT_LIMIT_MS);
    const handOver = new HandOver(deps, message, claimAge, signal);
    const confirm = (): Promise<void> => handOver.confirm();
    const { waits = 0 } = message;
    const turn = (): Promise<Delivery | null> => handOver.turn(waits > 0);
    const envelope = { ...message, user, event, steps, ttlMs, confirm, turn, ...(templates && { templates }) };
    const by = switches.stopping(message);
    const given = by
      ? ({ outcome: 'stopped', by } as const)
      : await (channels[message.channel] ?? NO_CHANNEL).deliver(envelope, signal).catch((error: unknown) => {
          if (handOver.withheld) return handOver.withheld;
          throw error;
        });
    // One of several browsers may have got the message before the others were refused.
    const refused = given.outcome === 'sent' ? given : (handOver.withheld ?? given);
    const answer = refused.outcome === 'stopped' ? await stopped(pool, message, refused.by) : refused;
    const journey = deps.definitions.current.outlines.has(message.journey) ? message.journey : 'other';
    deliveriesTotal.inc({ journey, channel: message.channel, outcome: answer.outcome });
    if (answer.outcome === 'lost' || answer.outcome === 'stopped') return answer;
    const delivery = withPause(answer, message, ttlMs);
    const { id, attempts } = message;
    await record(pool, { id, attempts, at: clock.now(), ...recordOf(delivery) });
    if (delivery.outcome === 'suppressed') await reportGivenUp(deps, id);
    if (message.channel === 'inApp' && delivery.outcome === 'sent') announceInApp(pool, [user.id]);
    return delivery;
  } finally {
    clearInterval(renewal);
  }
}

/** Adds the pause after a failed attempt: the provider's if it asks for one, otherwise ours, and never beyond the message's expiry. */
function withPause(delivery: Delivery, message: Claimed['message'], ttlMs: number): Delivery {
  if (delivery.outcome !== 'retry') return delivery;
  return { ...delivery, afterMs: Math.ceil(Math.min(delivery.afterMs ?? ownPauseMs(message), ttlMs)) };
}

/** The pause after this attempt fails. Attempts that handed nothing over do not make it longer. */
export function ownPauseMs({ channel, attempts, waits = 0 }: Claimed['message']): number {
  return pauseMs(channel, Math.max(1, attempts - waits));
}

/** What a switch makes of a claimed message: it drops it, or holds it until the switch is lifted. */
async function stopped(pool: Pool, message: Attempt, by: Switch): Promise<Withheld> {
  if (by.mode === 'drop') return { outcome: 'suppressed', cause: 'stopped', reason: 'stopped', detail: by.reason };
  if (await holdMessage(pool, message, by.target)) return { outcome: 'stopped', by };
  // The switch was lifted at this moment. If somebody else has the message, nothing is recorded.
  return { outcome: 'retry', code: 'Stopped', detail: by.reason, afterMs: LIFTED_MS, isWait: true };
}

/** Records an outcome, with retries while the database is unavailable: only this process knows the outcome until then. */
async function record(pool: Pool, delivery: DeliveryRecord): Promise<void> {
  const deadline = Date.now() + RECORD_LIMIT_MS;
  for (;;) {
    try {
      await recordDelivery(pool, delivery);
      return;
    } catch (error) {
      if (!isUnavailable(error) || Date.now() > deadline) throw error;
      await pause(RECORD_EVERY_MS);
    }
  }
}

/** The outcome as it is recorded. */
export function recordOf(delivery: Delivery): Omit<DeliveryRecord, 'id' | 'attempts' | 'at'> {
  const nothing = {
    cause: null,
    reason: '',
    error: null,
    providerId: null,
    provider: null,
    deadAddress: null,
    pauseMs: null,
  };
  if (delivery.outcome === 'sent')
    return { ...nothing, status: 'sent', providerId: delivery.providerId, provider: delivery.provider ?? null };
  if (delivery.outcome === 'suppressed')
    return {
      ...nothing,
      status: 'suppressed',
      cause: delivery.cause,
      reason: delivery.reason,
      error: delivery.detail ?? null,
      deadAddress: delivery.deadAddress ?? null,
      provider: delivery.provider ?? null,
    };
  const { code, detail, afterMs = 0, takenBy = null, isWait = false } = delivery;
  return { ...nothing, status: 'retrying', reason: code, error: detail, provider: takenBy, pauseMs: afterMs, isWait };
}
