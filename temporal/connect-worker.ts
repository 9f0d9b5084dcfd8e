import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  type Worker,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import type { Logger } from 'pino';
import type { TemporalConfig } from '../config/config';
import { BUILD_ID } from './build';
import { bundleWorkflows } from './bundle';
import { connectionOptions } from './connection';
import { LifecycleWorker } from './lifecycle-worker';
import { registerSearchAttributes } from './register';

/** What differs from worker to worker. */
export interface WorkerParts {
  readonly client: Client;
  readonly taskQueue: string;
  readonly activities: NonNullable<WorkerOptions['activities']>;
  /** File of the bundled workflow. Defaults to the build's; a missing file is replaced by a bundle made at startup. */
  readonly bundle?: string | undefined;
  readonly log: Logger;
}

/** A worker and the connection to close after it. */
export interface ConnectedWorker {
  readonly connection: NativeConnection;
  readonly worker: Worker;
}

/** A stopping worker lets its deliveries run this long. */
const GRACE = '30 seconds';
/**
 * Workflow tasks at once, and as many local activities. A task occupies its slot during the first attempt at a delivery, which may take
 * seconds: with few slots, a slow provider would keep those waiting who get no message.
 */
const TASKS_AT_ONCE = 400;
/**
 * How long a task waits for the worker that has the workflow in memory. After this time Temporal offers it to every worker, which costs a
 * write and a replay. With the SDK's ten seconds, a thousand users who are woken together cost twice the work, and hold up all others.
 * Tasks that wait for a worker when it is killed wait this long.
 */
const STICKY = '30 seconds';
const BUNDLE = join(__dirname, '..', 'workflow-bundle.js');
/** Time for a Temporal server to start, its namespace included, or to recover. Real milliseconds. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 1_000;

/**
 * Connects a worker to Temporal, ready to run. Temporal may still be starting or be overloaded, so it retries for a minute.
 * @throws {Error} the last failure after a minute, or at once when it is not one of the connection
 */
export async function connectWorker(config: TemporalConfig, parts: WorkerParts): Promise<ConnectedWorker> {
  const { client, log, bundle = BUNDLE } = parts;
  installRuntime(log);
  const workflowBundle = existsSync(bundle) ? { codePath: bundle } : { code: await bundleWorkflows() };
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const connected = await connectOnce(config, parts, workflowBundle);
      await registerSearchAttributes(client, log);
      return connected;
    } catch (error) {
      if (!isUnreachable(error) || Date.now() > deadline) throw error;
      log.warn({ err: error }, 'Temporal is not reachable yet; retrying');
    }
    await pause(PAUSE_MS);
  }
}

/** True when Temporal can't be reached. The SDK does not export the error's class. */
function isUnreachable(error: unknown): boolean {
  return error instanceof Error && error.name === 'TransportError';
}

async function connectOnce(
  config: TemporalConfig,
  { taskQueue, activities }: WorkerParts,
  workflowBundle: WorkflowBundleOption,
): Promise<ConnectedWorker> {
  const connection = await NativeConnection.connect({
    ...connectionOptions(config),
    // Payloads and histories are too small to be worth compressing.
    grpcCompression: { codec: 'none' },
  });
  try {
    const worker = await LifecycleWorker.create({
      connection,
      namespace: config.namespace,
      taskQueue,
      // Deployments, which replace build ids, would add attributes of their own to every workflow.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      buildId: BUILD_ID,
      activities,
      shutdownGraceTime: GRACE,
      workflowBundle,
      stickyQueueScheduleToStartTimeout: STICKY,
      maxConcurrentWorkflowTaskExecutions: TASKS_AT_ONCE,
      maxConcurrentLocalActivityExecutions: TASKS_AT_ONCE,
      // An execution that can't be replayed fails instead of being retried for ever. It holds no state; the next signal starts a new one.
      workflowFailureErrorTypes: { '*': ['NondeterminismError'] },
    });
    return { connection, worker };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Installs the SDK's runtime, one per process. It logs through our logger and leaves process signals to us, so that we control the shutdown order. */
function installRuntime(log: Logger): void {
  const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;
  try {
    Runtime.install({
      shutdownSignals: [],
      logger: new DefaultLogger('WARN', ({ level, message, meta }) => log[LEVELS[level]](meta ?? {}, message)),
      telemetryOptions: { logging: { forward: {} } },
    });
  } catch {
    // Another worker of this process has installed it already.
  }
}
