import { pendingLag } from '../config/metrics';
import { oldestPending } from '../store/pending';
import type { ApiDeps } from './deps';

/** Sets the metric of how long the oldest pending event has waited. It is NaN when the database is unavailable. */
export async function measurePendingLag({ database, clock }: Pick<ApiDeps, 'database' | 'clock'>): Promise<void> {
  try {
    const oldest = await oldestPending(database);
    pendingLag.set(oldest === null ? 0 : Math.max(0, (clock.now() - oldest) / clock.speed / 1_000));
  } catch {
    pendingLag.set(NaN);
  }
}
