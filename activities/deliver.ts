import { ApplicationFailure } from '@temporalio/activity';
import { traceOf } from '../config/log';
import { claimMessage } from '../store/claims';
import { recordDelivery } from '../store/messages';
import { attempt, ownPauseMs, recordOf } from './attempt';
import { againstNow } from './decide-again';
import type { ActivityDeps } from './deps';
import { reportGivenUp } from './given-up';
import { staleBecause } from './hand-over';
import { newerRelease } from './newer-release';
import { stopwatch } from './stopwatch';

/** Pause when a claim fails. The database is unavailable then, and thousands of deliveries may retry. Real milliseconds. */
const UNKNOWN_PAUSE_MS = 30_000;

/**
 * Makes a further attempt at a message after the first attempt failed or its worker died. Temporal shows the code of the last failure.
 * @throws {ApplicationFailure} when the delivery must be repeated, with the pause before the next attempt
 */
export async function deliver(deps: ActivityDeps, messageId: string): Promise<void> {
  const { pool, clock, inFlight, release, answersRead } = deps;
  const claimAge = stopwatch();
  const claim = await claimMessage(pool, messageId, release.seq, answersRead).catch((error: unknown) => {
    throw unforeseen(deps, error, UNKNOWN_PAUSE_MS);
  });
  if (claim.kind === 'settled') return;
  if (claim.kind === 'newer') throw newerRelease();
  if (claim.kind === 'busy') throw again('InProgress', 'another attempt is under way', claim.forMs);
  const { message } = claim;
  const { attempts } = message;
  const stale = staleBecause(message, message.reach, clock.now());
  const against = stale ?? (message.wasStopped ? await againstNow(deps, message) : null);
  if (against) {
    await recordDelivery(pool, { id: messageId, attempts, at: clock.now(), ...recordOf(against) });
    if (against.outcome === 'retry') throw again('DeliveryFailed', against.code, against.afterMs);
    await reportGivenUp(deps, messageId);
    return;
  }
  const delivery = await inFlight.watch(attempt(deps, { message, claimAge }, message)).catch((error: unknown) => {
    throw unforeseen(deps, error, ownPauseMs(message));
  });
  if (delivery.outcome === 'retry') throw again('DeliveryFailed', delivery.code, delivery.afterMs);
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
