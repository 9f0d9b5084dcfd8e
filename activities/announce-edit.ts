import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Clock } from '../engine/model/clock';
import type { Definitions } from '../engine/definitions/definitions';
import { previewInFlight } from '../store/in-flight';

/** Time limit of the preview; the remaining people are left out. Real milliseconds. */
const PATIENCE_MS = 10_000;
/** Number of kinds of change that are logged, most frequent first. */
const ROWS = 20;

/** An edit of the journeys, and what its announcement works with. */
export interface Edit {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly definitions: Definitions;
  /** Version of the definitions that were replaced. */
  readonly replaced: string;
  readonly log: Logger;
}

/**
 * Logs what an edit of the journeys will do to people in flight: counts and steps, but no ids and no error texts. Call it before the
 * relay wakes them. Never throws: a failure is logged and changes nothing.
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
    log.warn({ err: error }, 'the journeys changed: could not preview what that does to people in flight');
  }
}
