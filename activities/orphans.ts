import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Clock } from '../engine/model/clock';
import { eraseUnknown, keepPlace, takeTurn } from '../store/orphan-search';
import { listLifecycles } from '../temporal/list-lifecycles';

/** From one page to the next, for all workers together: 2.9 million workflows a day. Real milliseconds. */
const PAUSE_MS = 30_000;
/**
 * Younger workflows are left alone. A user is committed before their workflow starts, so an unknown user's workflow is no new one; this
 * only leaves room for the difference between Temporal's clock and the database's. Real milliseconds.
 */
const AGE_MS = 60_000;
/** Time limit for a request to Temporal. Real milliseconds. */
const ANSWER_MS = 5_000;

/** What the search works with. */
export interface OrphanParts {
  readonly pool: Pool;
  readonly clock: Pick<Clock, 'real'>;
  readonly client: Client;
  readonly taskQueue: string;
  readonly log: Logger;
}

/**
 * Looks through all workflows in Temporal, a page at a time, for users whom PostgreSQL does not know, and has them erased. Such
 * workflows come back when Temporal is restored from an older copy: the users were erased since, and nothing else remembers that.
 * @returns whether it was time for a page
 * @throws {Error} when Temporal or the database can't be reached
 */
export async function searchOrphans({ pool, clock, client, taskQueue, log }: OrphanParts): Promise<boolean> {
  const token = await takeTurn(pool, PAUSE_MS);
  if (token === null) return false;
  const listing = { taskQueue, startedBefore: new Date(clock.real() - AGE_MS), token };
  const list = client.withDeadline(Date.now() + ANSWER_MS, () => listLifecycles(client, listing));
  // A restored server may not know the page. The next turn begins anew.
  const page = await list.catch(async (error: unknown) => {
    if (token !== '') await keepPlace(pool, '');
    throw error;
  });
  const erased = await eraseUnknown(pool, page.userIds);
  await keepPlace(pool, page.token);
  if (erased > 0) log.warn({ erased }, 'Temporal has workflows of users who do not exist; they will be erased');
  return true;
}
