import type { Logger } from 'pino';
import type { Pool } from 'pg';
import { traceOf } from '../config/log';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { Clock } from '../engine/model/clock';
import type { TrackedEvent } from '../engine/model/tracked';
import type { StartRequests } from '../store/start-requests';
import { receiveTracked, undelivered } from '../store/tracked-events';
import { wakePending } from './wake-pending';

/** What it takes to bring events to their users that a worker has saved. */
export interface TrackingParts {
  readonly pool: Pool;
  readonly definitions: DefinitionsProvider;
  readonly clock: Pick<Clock, 'now'>;
  readonly starts: StartRequests;
  readonly log: Logger;
}

/** An event that is not received after this time was saved by a worker that has died. Real seconds. */
const LOST_SECONDS = 10;

/** Receives events that were just saved, and wakes their users. Never throws: what fails is found by {@link receiveLost}. */
export async function receiveSaved(parts: TrackingParts, events: readonly TrackedEvent[]): Promise<void> {
  if (events.length === 0) return;
  await receive(parts, events).catch((error: unknown) =>
    parts.log.warn({ error: traceOf(error) }, 'tracked events could not be received; the relay repeats it'),
  );
}

/** Receives events that were saved and never received. Returns their number. */
export async function receiveLost(parts: TrackingParts): Promise<number> {
  const events = await undelivered(parts.pool, LOST_SECONDS);
  if (events.length > 0) await receive(parts, events);
  return events.length;
}

async function receive({ pool, definitions, clock, starts }: TrackingParts, events: readonly TrackedEvent[]) {
  const pending = await receiveTracked(pool, definitions, events, clock.now());
  await wakePending(starts, pending);
}
