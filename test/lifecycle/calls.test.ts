import { join } from 'node:path';
import { callFailuresTotal } from '../../config/metrics';
import { timeline } from '../../store/timeline';
import { findUser } from '../../store/users';
import { workflowId } from '../../temporal/signal';
import { startFlakyService, type FlakyService } from '../support/flaky-service';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

let stack: TestLifecycle;
let service: FlakyService;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys-calling') });
  await stack.startWorker();
});
afterAll(() => stack.stop());
afterEach(() => service.stop());

/** A user asks a service that fails so many times. */
async function asks(failures: number, onFailure: 'null' | 'park'): Promise<string> {
  service = await startFlakyService(failures);
  const user = stack.newUser();
  await stack.track(user, 'Coupon Asked', { service: service.url, onFailure });
  return user;
}

const profile = async (user: string): Promise<NonNullable<Awaited<ReturnType<typeof findUser>>>> =>
  until('the user', async () => (await findUser(stack.database, user)) ?? false);

async function failuresOnTimeline(user: string): Promise<object[]> {
  const entries = await timeline(stack.database, user, { after: null, newestFirst: false, limit: 100 });
  return entries.filter(({ kind }) => kind === 'failure');
}

test('a call that fails twice is made again under the same key, and each failure is seen', async () => {
  const ada = await asks(2, 'null');
  const failed = await until('a failure', async () => (await profile(ada)).runs[0]?.failedCall ?? false);
  expect(failed).toMatchObject({ code: '503' });
  expect(failed.nextAt).toBeGreaterThan(failed.failedAt);
  const pending = await until('the failure in Temporal', async () => {
    const { raw } = await stack.client.workflow.getHandle(workflowId(ada)).describe();
    return raw.pendingActivities?.[0]?.lastFailure?.message ?? false;
  });
  expect(pending).toMatch(/^attempt \d failed: 503$/);
  await until('the answer', async () => (await profile(ada)).traits['coupon'] === 'A');
  expect([service.keys.length, new Set(service.keys).size]).toEqual([3, 1]);
  expect(await failuresOnTimeline(ada)).toMatchObject([
    { what: 'coupon', reason: 'attempt 2 failed: 503', details: { journey: 'coupons', attempts: 2, code: '503' } },
  ]);
  const { values } = await callFailuresTotal.get();
  expect(values).toMatchObject([{ labels: { journey: 'coupons', step: 'coupon', code: '503' }, value: 2 }]);
  expect(await stack.history(ada)).not.toMatch(/example\.com/);
});

test('a call that never answers is answered with null if the journey says so, after its attempts', async () => {
  const ada = await asks(Infinity, 'null');
  await until('the end', async () => (await profile(ada)).traits['coupon'] === 'none');
  expect(service.keys).toHaveLength(3);
  expect(await failuresOnTimeline(ada)).toMatchObject([
    { reason: 'attempt 3 failed: 503', details: { attempts: 3, nextAt: null } },
  ]);
});

test('a call that never answers parks its run otherwise, and says why in the API and in Temporal', async () => {
  const ada = await asks(Infinity, 'park');
  await until('the parked run', async () => (await profile(ada)).runs[0]?.status === 'failed');
  expect((await profile(ada)).runs).toMatchObject([
    { step: 'coupon', reason: 'gave up after 3 attempts: 503', failedCall: { attempts: 3, code: '503', nextAt: null } },
  ]);
  const details = async (): Promise<string> => {
    const handle = stack.client.workflow.getHandle(workflowId(ada));
    return (await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
  };
  await until('the details', async () =>
    (await details()).includes('parked at *coupon*: gave up after 3 attempts: 503'),
  );
});
