import { areWaiting } from '../../support/locks';
import { until } from '../../support/until';
import type { Deployment } from './deployment';

/** A worker whose event can't be stored, because a test holds the row of its user. */
export interface Storing {
  readonly worker: Awaited<ReturnType<Deployment['startWorker']>>;
  /** The name of the event. */
  readonly event: string;
  /** Lets go of the row. */
  readonly release: () => Promise<unknown>;
}

/**
 * Kills a worker while its event waits to be stored.
 * @param isLost whether its session at the database ends as well. Otherwise the database still does what the dead process has asked for
 */
export async function killWhileStoring(
  deployment: Deployment,
  { worker, event, release }: Storing,
  isLost: boolean,
): Promise<void> {
  await worker.stop('SIGKILL');
  if (isLost)
    await deployment.database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  await until('the session is over', () => areWaiting(deployment.database.pool, isLost ? 0 : 1));
  await release();
  if (!isLost)
    await until('the event is stored', async () => (await deployment.count('events WHERE name = $1', [event])) === 1);
}
