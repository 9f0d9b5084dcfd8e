import { join } from 'node:path';
import { Client, ServiceError } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createLogger } from '../../config/log';
import { staticDefinitions } from '../../engine/definitions/definitions';
import { workflowId } from '../../temporal/signal';
import { LifecycleStarts } from '../../temporal/start';
import { checkCause } from '../../temporal/wake-reasons';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { testTemporal } from '../support/temporal';
import { until } from '../support/until';

const INVALID_ARGUMENT = 3;

let stack: TestLifecycle;
let connection: NativeConnection;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys') });
  connection = await NativeConnection.connect({ address: testTemporal().address });
});
afterAll(async () => {
  await connection.close();
  await stack.stop();
});

/** The names of the search attributes of each start that a client asks for. */
function clientThatRefuses(refused: string, asked: string[][]): Client {
  return new Client({
    connection,
    namespace: testTemporal().namespace,
    interceptors: {
      workflow: [
        {
          startWithDetails: (input, next) => {
            const { typedSearchAttributes: shown = [] } = input.options;
            const pairs = Array.isArray(shown) ? shown : shown.getAll();
            const names = pairs.map(({ key }) => key.name);
            asked.push(names);
            if (!names.includes(refused)) return next(input);
            const cause = Object.assign(new Error('refused'), { code: INVALID_ARGUMENT, details: '', metadata: {} });
            throw new ServiceError('refused', { cause });
          },
        },
      ],
    },
  });
}

test('a start already shows what the server would record after the first task', async () => {
  const worker = await stack.startWorker();
  const ada = stack.newUser();
  await stack.track(ada, 'Started');
  const workflow = stack.client.workflow.getHandle(workflowId(ada));
  await until('the first advance', async () => (await stack.history(ada)).includes('MARKER_RECORDED'));
  const started = (await workflow.fetchHistory()).events?.[0]?.workflowExecutionStartedEventAttributes;
  const atStart = started?.searchAttributes?.indexedFields?.['BuildIds']?.data;
  const { raw } = await workflow.describe();
  expect(raw.workflowExecutionInfo?.searchAttributes?.indexedFields?.['BuildIds']?.data).toEqual(atStart);
  await worker.stop();
});

test('a server that refuses the build ids is asked without them from then on', async () => {
  const asked: string[][] = [];
  const client = clientThatRefuses('BuildIds', asked);
  const { taskQueue, definitions } = stack;
  const starts = new LifecycleStarts({
    client,
    taskQueue,
    definitions: staticDefinitions(definitions),
    log: createLogger('test', 'silent'),
  });
  const users = [stack.newUser(), stack.newUser()];
  for (const user of users) expect(await starts.start(user, checkCause('deadline passed'))).toBe(true);
  expect(asked.map((names) => names.includes('BuildIds'))).toEqual([true, false, false]);
  for (const user of users) await client.workflow.getHandle(workflowId(user)).terminate();
});
