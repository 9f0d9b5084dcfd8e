import { ApplicationFailure } from '@temporalio/activity';
import { traceOf } from '../config/log';
import { NO_CONSENT, refuses } from '../engine/policy/decide';
import { claimMessage, recordDelivery, type ClaimedMessage, type DeliveryRecord } from '../store/messages';
import { attempt } from './attempt';
import { pauseMs } from './channels';
import type { ActivityDeps } from './deps';
import { newerRelease } from './newer-release';

/** Pause when a claim fails. The database is unavailable then, and thousands of deliveries may retry. Real milliseconds. */
const UNKNOWN_PAUSE_MS = 30_000;

/**
 * Makes a further attempt at a message after the first attempt failed or its worker died. Temporal shows the code of the last failure.
 * @throws {ApplicationFailure} when the delivery must be repeated, with the pause before the next attempt
 */
export async function deliver(deps: ActivityDeps, messageId: string): Promise<void> {
  const { pool, clock, inFlight, release } = deps;
  const claim = await claimMessage(pool, messageId, release.seq).catch((error: unknown) => {
    throw unforeseen(deps, error, UNKNOWN_PAUSE_MS);
  });
  if (claim.kind === 'settled') return;
  if (claim.kind === 'newer') throw newerRelease();
  if (claim.kind === 'busy') throw again('InProgress', 'another attempt is under way', claim.forMs);
  const { message } = claim;
  const stale = staleBecause(message, clock.now());
  if (stale) {
    const attempt = { id: messageId, attempts: message.attempts };
    const nothing = { error: null, providerId: null, pauseMs: null };
    await recordDelivery(pool, { ...attempt, status: 'suppressed', ...stale, at: clock.now(), ...nothing });
    return;
  }
  const delivery = await inFlight.watch(attempt(deps, message, message)).catch((error: unknown) => {
    throw unforeseen(deps, error, pauseMs(message.channel, message.attempts));
  });
  if (delivery.outcome === 'retry') throw again('DeliveryFailed', delivery.code, delivery.afterMs);
}

/** Why a message decided earlier must no longer be sent; null when it may be. */
function staleBecause(
  { transactional, consent, channel, expiresAt }: ClaimedMessage,
  now: number,
): Pick<DeliveryRecord, 'cause' | 'reason'> | null {
  if (now > expiresAt) return { cause: 'expired', reason: 'expired' };
  return !transactional && refuses(consent, channel) ? { cause: 'consent', reason: NO_CONSENT } : null;
}

/** An unexpected error may recur at every attempt, so it always gets a pause. */
function unforeseen({ log }: ActivityDeps, error: unknown, afterMs: number): ApplicationFailure {
  const trace = traceOf(error);
  log.warn({ error: trace }, 'unexpected error in a delivery; it will be repeated');
  return again(trace.type, trace.code ?? trace.type, afterMs);
}

function again(type: string, message: string, afterMs = 0): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nextRetryDelay: Math.max(1, afterMs) });
}
