import { serveMetrics } from '../../config/metrics-server';
import { freePort } from '../../dev/port';
import { createTeardown } from '../../dev/teardown';
import { startServer } from '../../server';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

const parts = createTeardown();
let stack: TestLifecycle;
let ofApi: string;
let ofWorker: string;
beforeAll(async () => {
  stack = parts.add(await startLifecycle());
  await stack.startWorker();
  const [ofServer, alone] = [await freePort(), await freePort()];
  parts.add(await startServer({ ...stack.config, metricsPort: ofServer }));
  parts.add(await serveMetrics(alone, { key: null }));
  ofApi = `http://127.0.0.1:${ofServer}/metrics`;
  ofWorker = `http://127.0.0.1:${alone}/metrics`;
});
afterAll(() => parts.stop());

/** The number of delivery attempts so far, by journey, channel and outcome. */
async function deliveries(url = ofApi): Promise<Record<string, number>> {
  const lines = (await read(url)).matchAll(
    /^sojourn_deliveries_total\{journey="([\w-]+)",channel="(\w+)",outcome="(\w+)"\} (\d+)$/gm,
  );
  return Object.fromEntries([...lines].map(([, ...labels]) => [labels.slice(0, 3).join(' '), Number(labels[3])]));
}

async function advances(url = ofApi): Promise<number> {
  return Number(/^sojourn_advance_duration_seconds_count (\d+)$/m.exec(await read(url))?.[1]);
}

async function read(url: string): Promise<string> {
  return (await fetch(url)).text();
}

const fates = async (user: string): Promise<string> =>
  (await stack.database.knex('messages').where({ user_id: user }).pluck<string[]>('status')).join();

/** A user completes the tour and gets one email. */
async function tours(user: string): Promise<void> {
  await stack.track(user, 'Tour Started');
  for (const stop of [1, 2, 3, 4, 5]) await stack.track(user, 'Stop Reached', { stop });
}

test('every delivery attempt is counted by journey, channel and outcome', async () => {
  const [ada, grace, hedy] = [stack.newUser(), stack.newUser(), stack.newUser()];
  stack.smtp.behave({ kind: 'refuse', code: 550 });
  await tours(hedy);
  await until('the bounce', async () => (await fates(hedy)) === 'suppressed');
  expect(await deliveries()).toEqual({ 'tour email suppressed': 1 });

  stack.smtp.behave({ kind: 'refuse', code: 451 });
  await tours(grace);
  await until('a refusal', async () => (await fates(grace)) === 'retrying');
  stack.smtp.behave({ kind: 'accept' });
  await until('a later attempt', async () => (await fates(grace)) === 'sent');
  await stack.track(ada, 'Trial Started', { plan: 'free' });
  await stack.track(ada, 'Project Created', { name: 'Ark' });
  await until('two mails and a card', async () => (await fates(ada)) === 'sent,sent,sent');

  const retries = stack.smtp.refused.length - 1;
  const counts = {
    'tour email suppressed': 1,
    'tour email retry': retries,
    'tour email sent': 1,
    'trial email sent': 2,
    'customer inApp sent': 1,
  };
  expect(await deliveries()).toEqual(counts);
  expect(await deliveries(ofWorker)).toEqual(counts);
});

test('every advance is timed', async () => {
  const ada = stack.newUser();
  const before = await advances();
  await tours(ada);
  await until('it to be counted', async () => (await advances()) > before);
  await until('the worker to say so too', async () => (await advances(ofWorker)) > before);
  const text = await read(ofApi);
  expect(text).toMatch(/^sojourn_advance_duration_seconds_bucket\{le="\+Inf"\} \d+$/m);
  expect(text).not.toContain(ada);
});
