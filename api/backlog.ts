import { pendingLag, queuedStarts } from '../config/metrics';
import { measureBacklog } from '../store/pending';
import type { ApiDeps } from './deps';

/** Sets the metrics of what waits for a worker. They are NaN when the database is unavailable. */
export async function reportBacklog({ database, clock }: Pick<ApiDeps, 'database' | 'clock'>): Promise<void> {
  try {
    const { oldest, queued } = await measureBacklog(database);
    pendingLag.set(oldest === null ? 0 : Math.max(0, (clock.now() - oldest) / clock.speed / 1_000));
    queuedStarts.set(queued);
  } catch {
    pendingLag.set(NaN);
    queuedStarts.set(NaN);
  }
}
