import { join } from 'node:path';
import { workflowId } from '../../temporal/signal';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

let stack: TestLifecycle;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys') });
  await stack.startWorker();
});
afterAll(() => stack.stop());

const user = (id: string): Promise<{ version: number; state_format: number; pending: number }> =>
  stack.database.pool
    .query<{ version: number; state_format: number; pending: number }>(
      `SELECT version, state_format, (SELECT count(*) FROM events WHERE user_id = users.id AND pending) AS pending FROM users WHERE id = $1`,
      [id],
    )
    .then(({ rows: [row] }) => row ?? { version: 0, state_format: 0, pending: 0 });

/** True once Temporal retries the advance on any worker. */
async function isHandedOn(id: string): Promise<boolean> {
  const { raw } = await stack.client.workflow.getHandle(workflowId(id)).describe();
  return (raw.pendingActivities ?? []).some(
    ({ activityType, lastFailure }) =>
      activityType?.name === 'advance' && lastFailure?.applicationFailureInfo?.type === 'NewerRelease',
  );
}

test('a worker leaves a state of a newer format unchanged, and no event is lost', async () => {
  const ada = stack.newUser();
  await stack.track(ada, 'Started');
  await until('the first mail', () => stack.smtp.messages.some(({ to }) => to.startsWith(ada)));
  const { state_format: known } = await user(ada);
  await stack.database
    .knex('users')
    .where({ id: ada })
    .update({ state_format: known + 1 });
  await stack.track(ada, 'Poked');
  const before = await user(ada);
  await until('the refusal', () => isHandedOn(ada));
  expect(await user(ada)).toEqual(before);
  expect(before.pending).toBe(1);

  await stack.database.knex('users').where({ id: ada }).update({ state_format: known });
  await until('the next attempt', async () => (await user(ada)).pending === 0);
});

test('the worker of a newer release advances its users while the old one still runs', async () => {
  const ada = stack.newUser();
  await stack.track(ada, 'Started');
  await until('the first mail', () => stack.smtp.messages.some(({ to }) => to.startsWith(ada)));
  await stack.startWorker({ journeysPath: join(__dirname, 'journeys-later') });
  await stack.database.pool.query('UPDATE users SET release = (SELECT max(seq) FROM releases) WHERE id = $1', [ada]);
  await stack.track(ada, 'Poked');
  await until('the newer worker', async () => (await user(ada)).pending === 0);
});
