import { traceOf } from '../config/log';
import { givenUp, givenUpAndLost, recordGivenUp } from '../store/given-up';
import type { Receipt } from '../store/receipts';
import type { TrackingParts } from './tracked-events';
import { wakePending } from './wake-pending';

/** A message that was given up and is not reported after this time was given up by a worker that has died. Real seconds. */
const LOST_SECONDS = 10;

/**
 * Tells the run of a message that it was given up, if it was, so that a fallback begins at once. Never throws: what fails is found by
 * {@link reportLost}.
 */
export async function reportGivenUp(parts: TrackingParts, messageId: string): Promise<void> {
  try {
    await report(parts, await givenUp(parts.pool, [messageId]));
  } catch (error) {
    parts.log.warn(
      { error: traceOf(error) },
      'a message that was given up could not be reported; the relay repeats it',
    );
  }
}

/** Reports messages that were given up and never reported. Returns their number. */
export async function reportLost(parts: TrackingParts): Promise<number> {
  const receipts = await givenUpAndLost(parts.pool, LOST_SECONDS);
  await report(parts, receipts);
  return receipts.length;
}

async function report({ pool, definitions, clock, starts }: TrackingParts, receipts: readonly Receipt[]) {
  if (receipts.length === 0) return;
  await wakePending(starts, await recordGivenUp(pool, definitions, receipts, clock.now()));
}
