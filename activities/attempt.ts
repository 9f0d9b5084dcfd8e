import type { JsonObject } from '../engine/json';
import type { RecordedEvent } from '../engine/state';
import { deliveriesTotal } from '../config/metrics';
import { recordDelivery, renewClaim, LEASE_SECONDS, type OpenMessage } from '../store/messages';
import type { Delivery } from './channels/channel';
import type { ActivityDeps } from './deps';

/** Whom a message is for and what its template may say. */
export interface Addressee {
  readonly user: { readonly id: string; readonly traits: JsonObject; readonly stage: string };
  readonly event: RecordedEvent;
}

const RENEW_MS = (LEASE_SECONDS * 1_000) / 2.5;
/** Longer than any channel's own timeouts: the last resort against an attempt that never ends. */
const ATTEMPT_LIMIT_MS = 90_000;

/**
 * Makes one attempt at a message that was claimed, keeps the claim meanwhile, and records the outcome. Never throws for
 * what a provider does; when the outcome can't be recorded the claim runs out and the attempt is repeated under the same id.
 */
export async function attempt(deps: ActivityDeps, message: OpenMessage, { user, event }: Addressee): Promise<Delivery> {
  const { pool, clock, channels } = deps;
  const renewal = setInterval(() => void renewClaim(pool, message.id).catch(() => undefined), RENEW_MS);
  try {
    const ttlMs = Math.max(0, (message.expiresAt - clock.now()) / clock.speed);
    const delivery = await channels[message.channel].deliver(
      { ...message, user, event, ttlMs },
      AbortSignal.timeout(ATTEMPT_LIMIT_MS),
    );
    deliveriesTotal.inc({ channel: message.channel, outcome: delivery.outcome });
    await recordDelivery(pool, { id: message.id, at: clock.now(), ...recordOf(delivery) });
    return delivery;
  } finally {
    clearInterval(renewal);
  }
}

function recordOf(delivery: Delivery): {
  status: 'sent' | 'suppressed' | 'retrying';
  reason: string;
  error: string | null;
  providerId: string | null;
} {
  if (delivery.outcome === 'sent') return { status: 'sent', reason: '', error: null, providerId: delivery.providerId };
  if (delivery.outcome === 'suppressed')
    return { status: 'suppressed', reason: delivery.reason, error: delivery.detail ?? null, providerId: null };
  return { status: 'retrying', reason: delivery.code, error: delivery.detail, providerId: null };
}
