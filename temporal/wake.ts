import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { signalLifecycle, type WakeSignal } from './signal';
import { updateLifecycle } from './update';

/** Real milliseconds for the two ways to wake a lifecycle. */
export interface WakeLimits {
  /** Time for a worker to take an update. */
  readonly updateMs: number;
  /** Time for the signal that follows when no worker has taken it. */
  readonly signalMs: number;
}

/**
 * Wakes a running lifecycle: with an update, or with a signal, which Temporal keeps, when no worker takes the update in time.
 * @returns `updated` once the lifecycle has advanced the user, `signalled` when it certainly will
 * @throws {Error} when Temporal can't be reached or refuses the signal
 */
export async function wakeLifecycle(
  client: Client,
  signal: WakeSignal,
  { updateMs, signalMs }: WakeLimits,
  log: Logger,
): Promise<'updated' | 'signalled' | 'not running'> {
  const begun = Date.now();
  try {
    const isUpdated = await client.withDeadline(begun + updateMs, () => updateLifecycle(client, signal));
    return isUpdated ? 'updated' : 'not running';
  } catch (error) {
    log.debug({ err: error }, 'no worker took an update; sending a signal instead');
  }
  const isSignalled = await client.withDeadline(begun + updateMs + signalMs, () => signalLifecycle(client, signal));
  return isSignalled ? 'signalled' : 'not running';
}
