import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { areWaiting, holdUser } from '../support/locks';
import { until } from '../support/until';
import { deploy, type Call, type Deployment } from './support/deployment';

/** A courier takes Ada's order, and her journey opens a conversation. */
const CONVERSATIONS = join(__dirname, 'conversations');

let deployment: Deployment;
/** The ids of the people. The tests share a Temporal, where a lifecycle goes on when its worker is killed. */
let ada: string;
let bob: string;
beforeEach(async () => {
  deployment = await deploy({ journeysPath: CONVERSATIONS });
  [ada, bob] = [randomUUID(), randomUUID()];
});
afterEach(() => deployment.stop());

const call = (userId: string, more: Omit<Call, 'userId' | 'messageId' | 'timestamp'>): Call => ({
  userId,
  messageId: `${userId} ${more.event ?? more.type}`,
  timestamp: new Date().toISOString(),
  ...more,
});
const taken = (): Promise<number> =>
  deployment.post([call(ada, { type: 'track', event: 'Taken', properties: { order: 'o-7', courier: bob } })]);
const delivered = (): Promise<number> =>
  deployment.post([call(ada, { type: 'track', event: 'Delivered', properties: { order: 'o-7' } })]);

/** The conversation as it is stored, and how often the step is among what was decided. */
const opened = async (): Promise<unknown> => {
  const { rows } = await deployment.database.pool.query<{ readonly open: boolean; readonly people: readonly string[] }>(
    `SELECT closed_at IS NULL AS open, array_agg(user_id || ' ' || role || ' ' || name ORDER BY n) AS people
     FROM conversations c JOIN chat_participants p ON p.conversation = c.id
     WHERE chat = 'delivery' AND key = 'o-7' GROUP BY c.id`,
  );
  return rows;
};
const stepsDone = async (): Promise<number> =>
  deployment.count(`runs, jsonb_array_elements(body -> 'journal') AS record WHERE record ->> 'status' = 'done'`);

const people = (): string[] => [`${ada} customer Ada`, `${bob} courier Bob`];

test('a journey opens a conversation, and closes it', async () => {
  await deployment.startWorker();
  await taken();
  await until('it is decided', async () => (await stepsDone()) === 1);
  // It was changed with the decision: nothing is under way.
  expect(await opened()).toEqual([{ open: true, people: people() }]);
  await delivered();
  await until('the journey is over', async () => (await deployment.count(`runs WHERE status = 'completed'`)) === 1);
  expect(await opened()).toEqual([{ open: false, people: people() }]);
});

test.each([
  ['and its session ends', true],
  ['and its session lives on', false],
])(
  'a worker killed while it saves the decision, %s: the conversation is there once, with the decision',
  async (_, isLost) => {
    const { database } = deployment;
    await deployment.post([call(bob, { type: 'identify', traits: { name: 'Bob' } })]);
    const worker = await deployment.startWorker();
    // Bob can't be in a conversation while his row is locked.
    const release = await holdUser(database.knex, bob);
    await taken();
    await until('the decision is being saved', () => areWaiting(database.pool, 1));
    expect([await opened(), await stepsDone()]).toEqual([[], 0]);
    await worker.stop('SIGKILL');
    // A statement that a dead process has asked for, the database still does, unless its session ends too.
    if (isLost)
      await database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
    await release();
    await until('nothing waits', () => areWaiting(database.pool, 0));
    // Without its process, no session commits: neither the decision nor the conversation is there.
    expect([await opened(), await stepsDone()]).toEqual([[], 0]);
    await deployment.startWorker();
    await until('it is decided', async () => (await stepsDone()) === 1);
    expect(await opened()).toEqual([{ open: true, people: people() }]);
    expect(await deployment.count('conversations')).toBe(1);
  },
);
