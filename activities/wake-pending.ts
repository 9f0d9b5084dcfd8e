import type { PendingEvent } from '../store/pending';
import type { StartRequests } from '../store/start-requests';

/**
 * Wakes the users of events that a worker has stored. Users without a workflow were queued with their events. The others are woken by
 * the queue too: the worker's connection to Temporal is for its own tasks.
 */
export async function wakePending(starts: StartRequests, pending: readonly PendingEvent[]): Promise<void> {
  if (pending.length === 0) return;
  const running = pending.filter(({ workflow }) => workflow === 'running').map(({ userId }) => userId);
  if (running.length > 0) await starts.queue([...new Set(running)], null);
  starts.announce();
}
