import { join } from 'node:path';
import { Client as GrpcClient } from '@grpc/grpc-js';
import { WorkflowClient } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { Client as PgClient } from 'pg';
import { freePort } from '../../dev/port';
import { startServer } from '../../server';
import type { Running } from '../../config/run-alone';
import { workflowId } from '../../temporal/signal';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

/** What something costs, counted. A count of zero is left out. */
interface Costs {
  /** Requests to the API. */
  readonly requests: number;
  /** Statements by the names under which PostgreSQL keeps their plans. */
  readonly statements: Readonly<Record<string, number>>;
  /** Calls to Temporal that start or wake a lifecycle. */
  readonly calls: Readonly<Record<string, number>>;
  /** Events that Temporal writes into the user's history. */
  readonly history: Readonly<Record<string, number>>;
  /**
   * Records for Temporal's lists that the history shows: at the start, at each change of a search attribute, at the close. The server
   * writes one more of its own accord after the first task of an execution, to record the build of the worker.
   */
  readonly visibility: number;
}

/** A decision takes a workflow task, which is three events, and a marker for its local activity. A wait takes a timer. */
const COSTS: Readonly<Record<'journey' | 'stream', Costs>> = {
  // Sign-up, welcome, activation, congratulation.
  journey: {
    requests: 2,
    statements: { 'ingest-traits': 1, ingest: 1, 'load-user': 2, 'save-user': 2, 'record-sent': 2 },
    calls: { StartWorkflowExecution: 1, UpdateWorkflowExecution: 1 },
    history: {
      WORKFLOW_EXECUTION_STARTED: 1,
      WORKFLOW_EXECUTION_UPDATE_ACCEPTED: 1,
      WORKFLOW_EXECUTION_UPDATE_COMPLETED: 1,
      WORKFLOW_TASK_SCHEDULED: 2,
      WORKFLOW_TASK_STARTED: 2,
      WORKFLOW_TASK_COMPLETED: 2,
      MARKER_RECORDED: 2,
      TIMER_STARTED: 1,
      WORKFLOW_EXECUTION_COMPLETED: 1,
    },
    visibility: 2,
  },
  // Fifty events of a user who has signed up: the last one matters.
  stream: {
    requests: 5,
    statements: { ingest: 5, 'load-user': 1, 'save-user': 1, 'record-sent': 1 },
    calls: { UpdateWorkflowExecution: 1 },
    history: {
      WORKFLOW_EXECUTION_UPDATE_ACCEPTED: 1,
      WORKFLOW_EXECUTION_UPDATE_COMPLETED: 1,
      WORKFLOW_TASK_SCHEDULED: 1,
      WORKFLOW_TASK_STARTED: 1,
      WORKFLOW_TASK_COMPLETED: 1,
      MARKER_RECORDED: 1,
      WORKFLOW_EXECUTION_COMPLETED: 1,
    },
    visibility: 1,
  },
};

/**
 * Every process runs these each second or every few seconds, whatever happens. A start adds an announcement, and a claim for as many users as are ready. A
 * new stage adds an announcement that many users share.
 * The searches of the relay have no names.
 */
const IN_THE_BACKGROUND = [
  'journey-changes',
  'announce-starts',
  'claim-starts',
  'announce-in-app',
  'read-switches',
  'read-switches-and-held',
  'find-given-up-lost',
];
/** The calls of Temporal's API that start or wake a workflow. Others read: the test itself, and the search for orphans. */
const WAKES = /^(Start|Signal|Update|ExecuteMulti)/;
/** The journey of the bench. */
const JOURNEYS = join(__dirname, '..', '..', 'bench', 'journeys');
const REQUESTS = 5;
const EVENTS_OF_A_REQUEST = 10;

let stack: TestLifecycle;
let server: Running;
let port: number;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: JOURNEYS });
  port = await freePort();
  server = await startServer({ ...stack.config, port });
  await stack.startWorker();
});
afterAll(async () => {
  await server.stop();
  await stack.stop();
});
afterEach(() => jest.restoreAllMocks());

test('a whole journey costs two requests, eight statements and two calls to Temporal', async () => {
  const ada = stack.newUser();
  const live = async (): Promise<void> => {
    await signUp(ada);
    await post([track(ada, 'Activated')]);
    await completed(ada);
  };
  expect(await costsOf(ada, live)).toEqual(COSTS.journey);
});

test('of a stream of fifty events, those that matter to nobody cost only their requests', async () => {
  const ada = stack.newUser();
  await signUp(ada);
  // The mail goes out before the task is completed in which it was decided.
  await until('the wait', async () => (await historyOf(ada)).at(-1) === 'TIMER_STARTED');
  const live = async (): Promise<void> => {
    const events = Array.from({ length: REQUESTS * EVENTS_OF_A_REQUEST - 1 }, () => track(ada, 'Page Scrolled'));
    events.push(track(ada, 'Activated'));
    while (events.length > 0) await post(events.splice(0, EVENTS_OF_A_REQUEST));
    await completed(ada);
  };
  expect(await costsOf(ada, live)).toEqual(COSTS.stream);
});

/** Counts what an act costs. Nobody else may do anything meanwhile. */
async function costsOf(user: string, act: () => Promise<void>): Promise<Costs> {
  const before = (await historyOf(user)).length;
  const requests = jest.spyOn(globalThis, 'fetch');
  const statements = jest.spyOn(PgClient.prototype, 'query');
  const calls = jest.spyOn(GrpcClient.prototype, 'makeUnaryRequest');
  // Workers start lifecycles over the connection of the SDK's core.
  const starts = jest.spyOn(WorkflowClient.prototype, 'start');
  await act();
  const names = statements.mock.calls.map(([query]: readonly unknown[]) => nameOf(query));
  const methods = calls.mock.calls.map(([path]) => path.slice(path.lastIndexOf('/') + 1));
  const started = starts.mock.calls.map(() => 'StartWorkflowExecution');
  const history = (await historyOf(user)).slice(before);
  const isRecord = /^(WORKFLOW_EXECUTION_(STARTED|COMPLETED)|UPSERT_WORKFLOW_SEARCH_ATTRIBUTES)$/;
  return {
    requests: requests.mock.calls.length,
    statements: tally(names.filter((name) => name !== '' && !IN_THE_BACKGROUND.includes(name))),
    calls: tally([...methods.filter((method) => WAKES.test(method)), ...started]),
    history: tally(history),
    visibility: history.filter((type) => isRecord.test(type)).length,
  };
}

function nameOf(query: unknown): string {
  return typeof query === 'object' && query !== null && 'name' in query ? String(query.name) : '';
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** The types of all events in the user's history; none before the user has one. */
async function historyOf(user: string): Promise<string[]> {
  if ((await stack.database.knex('users').where({ id: user })).length === 0) return [];
  const { events } = await stack.client.workflow.getHandle(workflowId(user)).fetchHistory();
  return (events ?? []).map(({ eventType }) =>
    (temporal.api.enums.v1.EventType[eventType ?? 0] ?? '').replace('EVENT_TYPE_', ''),
  );
}

async function signUp(user: string): Promise<void> {
  const traits = { email: `${user}@example.com`, firstName: 'Ada' };
  await post([{ type: 'identify', userId: user, traits }, track(user, 'Signed Up', { plan: 'free' })]);
  await until('the welcome', async () => (await sent(user)) === 1);
}

/** Waits for the second mail, its record, and the end of the workflow. */
async function completed(user: string): Promise<void> {
  await until('the congratulation', async () => (await sent(user)) === 2);
  const workflow = stack.client.workflow.getHandle(workflowId(user));
  await until('completion', async () => (await workflow.describe()).status.name === 'COMPLETED');
}

async function sent(user: string): Promise<number> {
  return (await stack.database.knex('messages').where({ user_id: user, status: 'sent' })).length;
}

function track(userId: string, event: string, properties: Readonly<Record<string, string>> = {}): unknown {
  return { type: 'track', userId, event, properties };
}

async function post(batch: readonly unknown[]): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${stack.config.writeKey}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  });
  expect(response.status).toBe(200);
}
