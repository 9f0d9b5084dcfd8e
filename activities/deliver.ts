import { ApplicationFailure } from '@temporalio/activity';
import { traceOf } from '../config/log';
import { NO_CONSENT, refuses } from '../engine/policy/decide';
import { claimMessage, recordDelivery, type ClaimedMessage } from '../store/messages';
import { attempt } from './attempt';
import { pauseMs } from './channels';
import type { ActivityDeps } from './deps';
import { newerRelease } from './newer-release';

/** While the database is away nobody knows which message it is, and thousands may ask. Real milliseconds. */
const UNKNOWN_PAUSE_MS = 30_000;

/**
 * A further attempt at a message whose first one failed, or whose worker died. Throws while it has to be tried again:
 * Temporal repeats it by the channel's plan, and shows the code of the last failure.
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
  const reason = staleBecause(message, clock.now());
  if (reason !== null) {
    const { attempts } = message;
    const nothing = { error: null, providerId: null, pauseMs: null };
    await recordDelivery(pool, { id: messageId, attempts, status: 'suppressed', reason, at: clock.now(), ...nothing });
    return;
  }
  const delivery = await inFlight.watch(attempt(deps, message, message)).catch((error: unknown) => {
    throw unforeseen(deps, error, pauseMs(message.channel, message.attempts));
  });
  if (delivery.outcome === 'retry') throw again('DeliveryFailed', delivery.code, delivery.afterMs);
}

/** Why what was decided earlier isn't to be sent any more; null when it still is. */
function staleBecause({ transactional, consent, channel, expiresAt }: ClaimedMessage, now: number): string | null {
  if (now > expiresAt) return 'expired';
  return !transactional && refuses(consent, channel) ? NO_CONSENT : null;
}

/** What should not have happened may happen at every attempt, hence a pause in any case. */
function unforeseen({ log }: ActivityDeps, error: unknown, afterMs: number): ApplicationFailure {
  const trace = traceOf(error);
  log.warn({ error: trace }, 'a delivery failed as none should, and will be repeated');
  return again(trace.type, trace.code ?? trace.type, afterMs);
}

function again(type: string, message: string, afterMs = 0): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nextRetryDelay: Math.max(1, afterMs) });
}
