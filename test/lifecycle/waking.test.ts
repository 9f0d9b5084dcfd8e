import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { workflowId } from '../../temporal/signal';
import { SIGNAL_PAUSE_MS } from '../../temporal/waker';
import { wakeReasonNames } from '../../workflows/wake-signal';
import type { LifecycleInput } from '../../workflows/types';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

const { EventType } = temporal.api.enums.v1;
const {
  EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: STARTED,
  EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: SIGNALED,
  EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: UPDATED,
} = EventType;

let stack: TestLifecycle;
beforeAll(async () => void (stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys') })));
afterAll(() => stack.stop());
beforeEach(() => stack.smtp.behave({ kind: 'accept' }));

/** The wake-ups of a user's latest execution, in order. Each says how it arrived, and its reasons. */
async function wakeUps(user: string): Promise<string[]> {
  const { events } = await stack.client.workflow.getHandle(workflowId(user)).fetchHistory();
  return (events ?? []).flatMap(({ eventType, ...event }) => {
    if (eventType === STARTED) return [`start ${reasonsOf(event.workflowExecutionStartedEventAttributes?.input)}`];
    const { signalName, input } = event.workflowExecutionSignaledEventAttributes ?? {};
    if (eventType === SIGNALED) return [`signal ${names(signalName, input)}`];
    if (eventType !== UPDATED) return [];
    const { name, args } = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input ?? {};
    return [`update ${names(name, args)}`];
  });
}

function reasonsOf(input: temporal.api.common.v1.IPayloads | null | undefined): string {
  const [payload] = input?.payloads ?? [];
  const { reasons = [] } = payload ? defaultPayloadConverter.fromPayload<LifecycleInput>(payload) : {};
  return reasons.map(({ name }) => name).join(', ');
}

function names(name: string | null | undefined, input: temporal.api.common.v1.IPayloads | null | undefined): string {
  const args = (input?.payloads ?? []).map((payload) => defaultPayloadConverter.fromPayload(payload));
  return wakeReasonNames(name ?? '', args).join(', ');
}

/** Returns a user with a waiting lifecycle. */
async function sleeper(): Promise<string> {
  const ada = stack.newUser();
  await stack.track(ada, 'Started');
  await until('the first advance', async () => (await stack.history(ada)).includes('MARKER_RECORDED'));
  return ada;
}

test('a worker starts the lifecycle of a new user, who gets updates from then on', async () => {
  const worker = await stack.startWorker();
  const ada = await sleeper();
  await stack.track(ada, 'Poked');
  await until('the poke', async () => (await stack.consumed(ada)) === 1);
  await until('the end of the advance', async () => (await wakeUps(ada)).length === 2);
  expect(await wakeUps(ada)).toEqual(['start Started', 'update Poked']);
  await worker.stop();
});

test('a wake-up that no worker takes waits as a signal, and later reasons are sent together', async () => {
  const worker = await stack.startWorker();
  const ada = await sleeper();
  await worker.stop();
  for (let poke = 1; poke <= 3; poke++) await stack.track(ada, 'Poked');
  await until('the signal', async () => (await wakeUps(ada)).includes('signal Poked'));
  const next = await stack.startWorker();
  await until('all pokes', async () => (await stack.consumed(ada)) === 3);
  await stack.waker.idle();
  // An update, or a signal if the worker was slow to start.
  expect(await wakeUps(ada)).toContainEqual(expect.stringMatching(/^(update|signal) Poked, Poked$/));
  await next.stop();
});

test('a lost lifecycle is started anew', async () => {
  const worker = await stack.startWorker();
  const ada = await sleeper();
  await stack.client.workflow.getHandle(workflowId(ada)).terminate('lost');
  await stack.track(ada, 'Poked');
  await until('the poke', async () => (await stack.consumed(ada)) === 1);
  expect(await wakeUps(ada)).toEqual(['start Poked']);
  await worker.stop();
});

test('signals to one user have a pause between them', async () => {
  const worker = await stack.startWorker();
  const ada = await sleeper();
  await worker.stop();
  const begun = Date.now();
  for (let event = 0; event < 40; event++) await stack.track(ada, 'Poked');
  await stack.waker.idle();
  const pauses = (Date.now() - begun) / SIGNAL_PAUSE_MS;
  const signals = (await wakeUps(ada)).filter((wakeUp) => wakeUp.startsWith('signal'));
  expect(signals.length).toBeGreaterThan(0);
  expect(signals.length).toBeLessThanOrEqual(1 + pauses);
});

test('users are queued while no worker runs, and started by the next one', async () => {
  const users = [stack.newUser(), stack.newUser(), stack.newUser()];
  for (const user of users) await stack.track(user, 'Started');
  expect(await stack.database.knex('start_queue').whereIn('user_id', users)).toHaveLength(users.length);
  const worker = await stack.startWorker();
  await until(
    'all advances',
    async () => (await stack.database.knex('runs').whereIn('user_id', users)).length === users.length,
  );
  for (const user of users) expect(await wakeUps(user)).toEqual(['start Started']);
  await worker.stop();
  expect(await stack.database.knex('start_queue').whereIn('user_id', users)).toEqual([]);
});
