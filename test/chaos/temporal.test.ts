import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../dev/port';
import { NAMESPACE, startTemporal, type Temporal } from '../../dev/temporal';
import { until } from '../support/until';
import { report } from './support/account';
import { begin, cast, end, live, react } from './support/cast';
import { deploy, type Deployment } from './support/deployment';
import { expectExactlyOnce } from './support/verdict';

const LIFECYCLES = 60;

let folder: string;
let port: number;
let temporal: Temporal;
let deployment: Deployment;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sojourn-chaos-temporal-'));
  port = await freePort();
  await startAgain();
  deployment = await deploy({
    temporal: { address: temporal.address, namespace: NAMESPACE, apiKey: null, tls: null },
  });
});
afterEach(async () => {
  await deployment.stop();
  await temporal.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function startAgain(): Promise<void> {
  temporal = await startTemporal({ binary: process.env.TEMPORAL_CLI ?? '', folder, port, uiPort: null });
}

async function wipe(): Promise<void> {
  await temporal.kill();
  for (const suffix of ['', '-shm', '-wal']) rmSync(join(folder, `temporal.db${suffix}`), { force: true });
  await startAgain();
}

test('Temporal stopped mid-journey and started again: the API accepts events, every decision is made once', async () => {
  const people = cast(LIFECYCLES);
  const third = LIFECYCLES / 3;
  await deployment.startWorker();
  const reacting = react(deployment, people);
  await begin(deployment, people.slice(0, third));
  await until('some have begun', async () => (await deployment.count('messages')) > third / 2);
  await temporal.stop();
  const refusals = await begin(deployment, people.slice(third, 2 * third));
  await startAgain();
  await until('the others have begun', async () => (await deployment.count('messages')) > third * 1.5);
  await temporal.kill();
  const moreRefusals = await begin(deployment, people.slice(2 * third));
  await startAgain();
  await reacting;
  await end(deployment);
  const counts = await expectExactlyOnce(deployment, people);
  expect([refusals, moreRefusals]).toEqual([0, 0]);
  report('Temporal stopped', { lifecycles: LIFECYCLES, stops: 2, ...counts });
});

test('a worker that starts while Temporal is down waits for it', async () => {
  const people = cast(3, ['sleeper']);
  await temporal.stop();
  const starting = deployment.startWorker();
  await begin(deployment, people);
  await until('the worker has tried', () => deployment.logs().includes('Temporal is not reachable yet'));
  await startAgain();
  await starting;
  await react(deployment, people);
  await end(deployment);
  await expectExactlyOnce(deployment, people);
});

test('Temporal wiped mid-journey: the relay restarts all lifecycles', async () => {
  const people = cast(LIFECYCLES);
  await deployment.startWorker();
  const lives = live(deployment, people);
  await until('half have begun', async () => (await deployment.count('messages')) > LIFECYCLES / 2);
  await wipe();
  await until(
    'the first nudges',
    async () => (await deployment.count(`messages WHERE step = 'nudge'`)) > LIFECYCLES / 4,
  );
  await wipe();
  await lives;
  const counts = await expectExactlyOnce(deployment, people);
  report('Temporal wiped', { lifecycles: LIFECYCLES, wipes: 2, ...counts });
});

test('Temporal wiped while deliveries and calls are retried: none is lost', async () => {
  const people = cast(20, ['builder', 'sleeper']);
  deployment.smtp.behave({ kind: 'refuse', code: 451 });
  await deployment.startWorker();
  const lives = live(deployment, people);
  await until('all are refused', async () => (await deployment.count(`messages WHERE status = 'retrying'`)) >= 20);
  await wipe();
  deployment.smtp.behave({ kind: 'accept' });
  await lives;
  const counts = await expectExactlyOnce(deployment, people);
  report('Temporal wiped during retries', { lifecycles: people.length, ...counts });
});
