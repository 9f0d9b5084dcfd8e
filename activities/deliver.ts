import { ApplicationFailure } from '@temporalio/activity';
import { claimMessage, recordDelivery } from '../store/messages';
import { attempt } from './attempt';
import type { ActivityDeps } from './deps';

/**
 * A further attempt at a message whose first one failed, or whose worker died. Throws while it has to be tried again:
 * Temporal repeats it by the channel's plan, and shows the code of the last failure.
 */
export async function deliver(deps: ActivityDeps, messageId: string): Promise<void> {
  const { pool, clock, inFlight } = deps;
  const message = await claimMessage(pool, messageId);
  if (message === 'settled') return;
  if (message === 'busy') throw ApplicationFailure.retryable('another attempt is under way', 'InProgress');
  if (clock.now() > message.expiresAt) {
    await recordDelivery(pool, {
      id: messageId,
      status: 'suppressed',
      reason: 'expired',
      error: null,
      providerId: null,
      at: clock.now(),
    });
    return;
  }
  const delivery = await inFlight.watch(attempt(deps, message, message));
  if (delivery.outcome !== 'retry') return;
  const { code, afterMs } = delivery;
  throw ApplicationFailure.create({
    message: code,
    type: 'DeliveryFailed',
    ...(afterMs === undefined ? {} : { nextRetryDelay: afterMs }),
  });
}
