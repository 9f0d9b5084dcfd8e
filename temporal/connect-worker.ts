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
import { bundleWorkflows } from './bundle';
import { connectionOptions } from './connection';
import { LifecycleWorker } from './lifecycle-worker';
import { registerSearchAttributes } from './register';

/** What is different from worker to worker. */
export interface WorkerParts {
  readonly client: Client;
  readonly taskQueue: string;
  readonly activities: NonNullable<WorkerOptions['activities']>;
  /** File of the bundled workflow; that of the build by default, and made now where there is none. */
  readonly bundle?: string | undefined;
  readonly log: Logger;
}

export interface ConnectedWorker {
  readonly connection: NativeConnection;
  readonly worker: Worker;
}

/** Deliveries under way get this long to end when the worker stops. */
const GRACE = '30 seconds';
/** A task holds its place while the first attempt at a delivery lasts. */
const TASKS_AT_ONCE = 100;
const BUNDLE = join(__dirname, '..', 'workflow-bundle.js');
/** As long as a server takes to come up beside us, its namespace included, or to recover. Real milliseconds. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 1_000;

/**
 * A worker that has reached Temporal and is ready to run. Temporal may still be starting, or be too busy for the moment: it is tried
 * again for a minute.
 * @throws what it failed with in the end
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
      if (!isAbsence(error) || Date.now() > deadline) throw error;
      log.warn({ err: error }, 'Temporal is not there yet; trying again');
    }
    await pause(PAUSE_MS);
  }
}

/** The SDK keeps the class of this error to itself. */
function isAbsence(error: unknown): boolean {
  return error instanceof Error && error.name === 'TransportError';
}

async function connectOnce(
  config: TemporalConfig,
  { taskQueue, activities }: WorkerParts,
  workflowBundle: WorkflowBundleOption,
): Promise<ConnectedWorker> {
  const connection = await NativeConnection.connect({
    ...connectionOptions(config),
    // Neither what we send nor a history, which starts over early, is large enough to be worth compressing.
    grpcCompression: { codec: 'none' },
  });
  try {
    const worker = await LifecycleWorker.create({
      connection,
      namespace: config.namespace,
      taskQueue,
      activities,
      shutdownGraceTime: GRACE,
      workflowBundle,
      maxConcurrentWorkflowTaskExecutions: TASKS_AT_ONCE,
      // A history that can't be replayed ends, instead of being tried for ever: it holds no state, and the next signal starts anew.
      workflowFailureErrorTypes: { '*': ['NondeterminismError'] },
    });
    return { connection, worker };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** The SDK has one runtime per process. It logs through ours, and leaves signals to whoever stops us, so that the order is ours too. */
function installRuntime(log: Logger): void {
  const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;
  try {
    Runtime.install({
      shutdownSignals: [],
      logger: new DefaultLogger('WARN', ({ level, message, meta }) => log[LEVELS[level]](meta ?? {}, message)),
      telemetryOptions: { logging: { forward: {} } },
    });
  } catch {
    // Installed before by another worker of this process.
  }
}
