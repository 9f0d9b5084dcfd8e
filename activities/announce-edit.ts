import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Clock } from '../engine/model/clock';
import type { Definitions } from '../engine/definitions/definitions';
import { previewInFlight } from '../store/in-flight';

/** The search ends after this long, however many people are left. Real milliseconds. */
const PATIENCE_MS = 10_000;
/** As many kinds of change are logged, the most frequent ones. */
const ROWS = 20;

/** What is announced: the version that was replaced and the one that replaces it. */
export interface Edit {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly replaced: string;
  readonly log: Logger;
}

/**
 * Logs what an edit of the journeys is about to do to those in flight: counts and steps, no ids, no texts of errors. To be
 * called before everyone is told; a failure is logged and changes nothing.
 */
export async function announceEdit({ pool, clock, definitions, replaced, log }: Edit): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  try {
    const summary = await previewInFlight(pool, definitions, {
      now: () => clock.now(),
      enough: () => Date.now() > deadline,
    });
    const { people, totals, rows, byHour, partial } = summary;
    const changes = rows
      .filter(({ change }) => change !== 'stays')
      .slice(0, ROWS)
      .map(({ journey, change, step, to, count }) => ({ journey, change, step, to, count }));
    const version = { replaced, version: definitions.version };
    log.info(
      { ...version, people, totals, changes, byHour, partial },
      'the journeys changed: what that does to people in flight',
    );
  } catch (error) {
    log.warn({ err: error }, 'the journeys changed: what that does to people in flight could not be found out');
  }
}
