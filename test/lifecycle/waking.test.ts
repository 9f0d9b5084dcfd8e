import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { workflowId } from '../../temporal/signal';
import { SIGNAL_PAUSE_MS } from '../../temporal/waker';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

const { EventType } = temporal.api.enums.v1;
const { EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: SIGNALED, EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: UPDATED } =
  EventType;

let stack: TestLifecycle;
beforeAll(async () => void (stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys') })));
afterAll(() => stack.stop());
beforeEach(() => stack.smtp.behave({ kind: 'accept' }));

/** What a user's latest execution was told, in order: how, and of what. */
async function told(user: string): Promise<string[]> {
  const { events } = await stack.client.workflow.getHandle(workflowId(user)).fetchHistory();
  return (events ?? []).flatMap(({ eventType, ...event }) => {
    const { signalName, input } = event.workflowExecutionSignaledEventAttributes ?? {};
    if (eventType === SIGNALED) return [`signal ${names(signalName, input)}`];
    if (eventType !== UPDATED) return [];
    const { name, args } = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input ?? {};
    return [`update ${names(name, args)}`];
  });
}

/** The first happening gives a call its name, the others come after its id. */
function names(first: string | null | undefined, input: temporal.api.common.v1.IPayloads | null | undefined): string {
  const [, ...more] = (input?.payloads ?? []).map((payload) =>
    defaultPayloadConverter.fromPayload<{ name: string }>(payload),
  );
  return [first, ...more.map(({ name }) => name)].join(', ');
}

/** Somebody whose lifecycle waits. */
async function sleeper(): Promise<string> {
  const ada = stack.newUser();
  await stack.track(ada, 'Started');
  await until('the first look', async () => (await stack.history(ada)).includes('MARKER_RECORDED'));
  return ada;
}

test('who is new is told by a signal, which starts their lifecycle, and by updates from then on', async () => {
  const worker = await stack.startWorker();
  const ada = await sleeper();
  await stack.track(ada, 'Poked');
  await until('the poke', async () => (await stack.consumed(ada)) === 1);
  await until('the end of the look', async () => (await told(ada)).length === 2);
  expect(await told(ada)).toEqual(['signal Started', 'update Poked']);
  await worker.stop();
});

test('what no worker takes waits for one as a signal, and what happens meanwhile is told together', async () => {
  const worker = await stack.startWorker();
  const ada = await sleeper();
  await worker.stop();
  for (let poke = 1; poke <= 3; poke++) await stack.track(ada, 'Poked');
  await until('the signal', async () => (await told(ada)).includes('signal Poked'));
  const next = await stack.startWorker();
  await until('all pokes', async () => (await stack.consumed(ada)) === 3);
  await stack.waker.idle();
  // By an update, or by a signal where it took long to start.
  expect(await told(ada)).toContainEqual(expect.stringMatching(/^(update|signal) Poked, Poked$/));
  await next.stop();
});

test('a lifecycle that should run and is gone is started anew', async () => {
  const worker = await stack.startWorker();
  const ada = await sleeper();
  await stack.client.workflow.getHandle(workflowId(ada)).terminate('lost');
  await stack.track(ada, 'Poked');
  await until('the poke', async () => (await stack.consumed(ada)) === 1);
  expect(await told(ada)).toEqual(['signal Poked']);
  await worker.stop();
});

test('signals, which do not wait for a worker, come a pause apart', async () => {
  const ada = stack.newUser();
  const begun = Date.now();
  for (let event = 0; event < 40; event++) await stack.track(ada, 'Started');
  await stack.waker.idle();
  const pauses = (Date.now() - begun) / SIGNAL_PAUSE_MS;
  expect((await told(ada)).length).toBeLessThanOrEqual(2 + pauses);
});
