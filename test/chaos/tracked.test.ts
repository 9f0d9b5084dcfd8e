import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { areWaiting, holdUser } from '../support/locks';
import { until } from '../support/until';
import { deploy, type Call, type Deployment } from './support/deployment';
import { killWhileStoring } from './support/kill-while-storing';

/** Bob joins by Ada's invitation, and his journey tells her. */
const INVITES = join(__dirname, 'invites');

let deployment: Deployment;
/** Others in each test, since a workflow that a killed worker leaves behind has the id of its user. */
let ada: string;
let bob: string;
beforeEach(async () => {
  [ada, bob] = [`ada-${randomUUID()}`, `bob-${randomUUID()}`];
  deployment = await deploy({ journeysPath: INVITES });
});
afterEach(() => deployment.stop());

const call = (userId: string, more: Omit<Call, 'userId' | 'messageId' | 'timestamp'>): Call => ({
  userId,
  messageId: `${userId} ${more.event ?? more.type}`,
  timestamp: new Date().toISOString(),
  ...more,
});
const bobJoins = (): Promise<number> =>
  deployment.post([call(bob, { type: 'track', event: 'Joined', properties: { invitedBy: ada } })]);

const points = async (userId: string): Promise<number | undefined> => {
  const { rows } = await deployment.database.pool.query<{ points: number }>(
    `SELECT (memory ->> 'points')::int AS points FROM users WHERE id = $1 AND memory IS NOT NULL`,
    [userId],
  );
  return rows[0]?.points;
};

const told = async (): Promise<void> => {
  await until('Ada has her credit', async () => (await points(ada)) === 100);
  await until('nothing is under way', async () => (await deployment.count('tracked_events')) === 0);
  expect(await deployment.count(`events WHERE name = 'Invite Accepted'`)).toBe(1);
  expect(await deployment.count(`runs WHERE journey = 'inviter'`)).toBe(1);
  expect([await points(ada), await points(bob)]).toEqual([100, 100]);
};

test('an event tracked for somebody who is not known yet starts their journey', async () => {
  await deployment.startWorker();
  await bobJoins();
  await told();
});

test.each([
  ['before the event is received', true],
  ['after it is received, before that is noted', false],
])('a worker killed between the save and the delivery, %s: the event arrives once', async (_, isLost) => {
  const { database } = deployment;
  await deployment.post([call(ada, { type: 'identify', traits: { name: 'Ada' } })]);
  const worker = await deployment.startWorker();
  // The event can't be stored while Ada's row is locked.
  const release = await holdUser(database.knex, ada);
  await bobJoins();
  await until('the event is saved and waits to be received', async () => {
    return (await deployment.count('tracked_events')) === 1 && areWaiting(database.pool, 1);
  });
  await killWhileStoring(deployment, { worker, event: 'Invite Accepted', release }, isLost);
  await deployment.startWorker();
  await told();
});
