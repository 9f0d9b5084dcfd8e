import { Context } from '@temporalio/activity';

/** Several within the heartbeat timeout the workflow sets. */
const BEAT_MS = 4_000;

/** Tells Temporal that an activity is under way for as long as it is, so that the death of its worker is noticed within seconds. */
export async function withHeartbeat(work: Promise<void>): Promise<void> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), BEAT_MS);
  try {
    await work;
  } finally {
    clearInterval(beat);
  }
}
