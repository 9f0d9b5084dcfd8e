import { parkedRuns, pendingLag, queuedStarts } from '../config/metrics';
import { countParked } from '../store/journeys-report';
import { measureBacklog } from '../store/pending';
import type { ApiDeps } from './deps';

/**
 * Sets the metrics of what waits for a worker, and of what is parked. The former are NaN, the latter absent, when the database is
 * unavailable.
 */
export async function reportBacklog({
  database,
  clock,
  definitions,
}: Pick<ApiDeps, 'database' | 'clock' | 'definitions'>): Promise<void> {
  parkedRuns.reset();
  try {
    const journeys = definitions.current.journeys.map(({ id }) => id);
    for (const [journey, count] of await countParked(database, journeys)) parkedRuns.set({ journey }, count);
    const { oldest, queued } = await measureBacklog(database);
    pendingLag.set(oldest === null ? 0 : Math.max(0, (clock.now() - oldest) / clock.speed / 1_000));
    queuedStarts.set(queued);
  } catch {
    pendingLag.set(NaN);
    queuedStarts.set(NaN);
  }
}
