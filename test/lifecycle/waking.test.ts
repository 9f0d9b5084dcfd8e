import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { workflowId } from '../../temporal/signal';
import { SIGNAL_PAUSE_MS } from '../../temporal/waker';
import { wakeReasonNames } from '../../workflows/wake-signal';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

const { EventType } = temporal.api.enums.v1;
const { EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: SIGNALED, EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: UPDATED } =
  EventType;

let stack: TestLifecycle;
beforeAll(async () => void (stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys') })));
afterAll(() => stack.stop());
beforeEach(() => stack.smtp.behave({ kind: 'accept' }));

/** The wake-ups of a user's latest execution, in order. Each says how it arrived, and its reasons. */
async function wakeUps(user: string): Promise<string[]> {
  const { events } = await stack.client.workflow.getHandle(workflowId(user)).fetchHistory();
  return (events ?? []).flatMap(({ eventType, ...event }) => {
    const { signalName, input } = event.workflowExecutionSignaledEventAttributes ?? {};
    if (eventType === SIGNALED) return [`signal ${names(signalName, input)}`];
    if (eventType !== UPDATED) return [];
    const { name, args } = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input ?? {};
    return [`update ${names(name, args)}`];
  });
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

test('a new user gets a signal, which starts the lifecycle, and updates from then on', async () => {
  const worker = await stack.startWorker();
  const ada = await sleeper();
  await stack.track(ada, 'Poked');
  await until('the poke', async () => (await stack.consumed(ada)) === 1);
  await until('the end of the advance', async () => (await wakeUps(ada)).length === 2);
  expect(await wakeUps(ada)).toEqual(['signal Started', 'update Poked']);
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
  expect(await wakeUps(ada)).toEqual(['signal Poked']);
  await worker.stop();
});

test('signals to one user have a pause between them', async () => {
  const ada = stack.newUser();
  const begun = Date.now();
  for (let event = 0; event < 40; event++) await stack.track(ada, 'Started');
  await stack.waker.idle();
  const pauses = (Date.now() - begun) / SIGNAL_PAUSE_MS;
  expect((await wakeUps(ada)).length).toBeLessThanOrEqual(2 + pauses);
});
