import { Context } from '@temporalio/activity';

/** Several beats fit into the heartbeat timeout that the workflow sets. Real milliseconds. */
const BEAT_MS = 4_000;

/**
 * Sends heartbeats while an activity runs, so that Temporal detects the death of its worker within seconds.
 * @throws the error of the work
 */
export async function withHeartbeat(work: Promise<void>): Promise<void> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), BEAT_MS);
  try {
    await work;
  } finally {
    clearInterval(beat);
  }
}
