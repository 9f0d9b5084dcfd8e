import { join } from 'node:path';
import { areWaiting } from '../support/locks';
import { until } from '../support/until';
import { deploy, type Deployment } from './support/deployment';

/** One journey starts another one, and waits for its end. */
const STARTING = join(__dirname, '..', 'lifecycle', 'journeys-starting');

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy({ journeysPath: STARTING })));
afterEach(() => deployment.stop());

const track = (event: string, properties = {}): Promise<number> => {
  const timestamp = new Date().toISOString();
  return deployment.post([{ userId: 'ada', messageId: event, timestamp, type: 'track', event, properties }]);
};
const runs = (condition: string): Promise<number> => deployment.count(`runs WHERE ${condition}`);

/**
 * Kills a worker while it saves what it decided about an event.
 * @param isLost what a dead process has asked for, the database still does, unless its session ends too
 */
async function killInSave(post: () => Promise<unknown>, isLost: boolean): Promise<void> {
  const { knex, pool } = deployment.database;
  const worker = await deployment.startWorker();
  const transaction = await knex.transaction();
  // No run can be saved while this lasts.
  await transaction.raw('LOCK TABLE runs IN SHARE MODE');
  await post();
  await until('the save waits', async () => {
    // A transaction that is idle for too long is ended.
    await transaction.raw('SELECT');
    return areWaiting(pool, 1);
  });
  await worker.stop('SIGKILL');
  if (isLost)
    await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  await until('the session is over', () => areWaiting(pool, isLost ? 0 : 1));
  await transaction.commit();
}

test.each([
  ['before the save', true],
  ['after the save, before Temporal hears of it', false],
])('workers killed at a start and at the end of its run, %s: one run, which ends once', async (_, isLost) => {
  await killInSave(() => track('Joined', { level: 'expert' }), isLost);
  const worker = await deployment.startWorker();
  await until('the course has begun', async () => (await runs(`journey = 'course' AND status = 'active'`)) === 1);
  await worker.stop('SIGKILL');
  await killInSave(() => track('Passed'), isLost);
  await deployment.startWorker();
  await until('all has ended', async () => (await runs(`status = 'completed'`)) === 2);
  expect(await runs('true')).toBe(2);
  expect(await runs(`journey = 'intro' AND jsonb_array_length(body -> 'endings') = 1`)).toBe(1);
  expect(await runs(`journey = 'course' AND body -> 'startedBy' ->> 'step' = 'give the course'`)).toBe(1);
});
