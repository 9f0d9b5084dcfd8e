import {
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  type Client,
} from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { Logger } from 'pino';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { lifecycle } from '../workflows/lifecycle';
import { BUILD_IDS } from './build';
import { likelyAttributes } from './likely-attributes';
import { workflowId } from './signal';
import { wakeLifecycle, type WakeLimits } from './wake';
import type { Causes } from './wake-reasons';

/** The status with which the server refuses a search attribute (https://grpc.io/docs/guides/status-codes/). */
const INVALID_ARGUMENT = 3;

/** An update lasts as long as the first attempts at the user's messages. */
const WAKE_LIMITS: WakeLimits = { updateMs: 4_000, signalMs: 1_000 };

/** What is needed to start lifecycles. */
export interface LifecycleStartsOptions {
  /** Has to share the worker's connection. */
  readonly client: Client;
  readonly taskQueue: string;
  readonly definitions: DefinitionsProvider;
  readonly log: Logger;
}

/** The workflow of a user may start or close between two requests, which are then repeated. */
const TRIES = 4;

/** Starts and wakes lifecycles from the process of a worker. */
export class LifecycleStarts {
  /** False once the server has refused it. A later release of the server may reserve the attribute. */
  private setsBuildIds = true;

  constructor(private readonly options: LifecycleStartsOptions) {}

  /**
   * Starts a user's lifecycle, or wakes it if it runs.
   * @param isLikelyRunning which of the two to try first
   * @returns `woken` once the lifecycle has advanced the user, or will certainly do so
   * @throws {Error} when Temporal can't be reached or refuses the call
   */
  async startOrWake(userId: string, reasons: Causes, isLikelyRunning: boolean): Promise<'started' | 'woken'> {
    const { client, log } = this.options;
    let isRunning = isLikelyRunning;
    for (let tries = 0; tries < TRIES; tries++, isRunning = !isRunning) {
      if (!isRunning && (await this.start(userId, reasons))) return 'started';
      if (isRunning && (await wakeLifecycle(client, { userId, reasons }, WAKE_LIMITS, log)) !== 'not running')
        return 'woken';
    }
    throw new Error('The workflow was found running and closed in turns.');
  }

  /**
   * Starts a user's lifecycle, which advances the user at once. The server hands its first task to the worker of this process together
   * with the answer (https://docs.temporal.io/encyclopedia/workers/eager-start), which spares it the task queue and one of the three
   * writes before the first decision. If the worker is full, any worker gets the task from the queue.
   * @returns false when the user has a running lifecycle
   * @throws {Error} when Temporal can't be reached or refuses the start
   */
  async start(userId: string, reasons: Causes): Promise<boolean> {
    const shows = likelyAttributes(this.options.definitions.current, reasons[0].declared);
    if (!this.setsBuildIds) return this.startShowing(shows, userId, reasons);
    try {
      return await this.startShowing([...shows, BUILD_IDS], userId, reasons);
    } catch (error) {
      if (!isRefused(error)) throw error;
      const isStarted = await this.startShowing(shows, userId, reasons);
      this.setsBuildIds = false;
      return isStarted;
    }
  }

  private async startShowing(shows: SearchAttributePair[], userId: string, reasons: Causes): Promise<boolean> {
    const { client, taskQueue } = this.options;
    try {
      await client.workflow.start<typeof lifecycle>('lifecycle', {
        workflowId: workflowId(userId),
        taskQueue,
        // `continued` tells workers of releases that don't know `reasons` to advance at once.
        args: [{ userId, continued: true, reasons: reasons.map(({ id, name }) => ({ id, name })) }],
        typedSearchAttributes: shows,
        staticSummary: 'The lifecycle of one user',
        requestEagerStart: true,
      });
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  }
}

function isRefused(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : null;
  if (!isGrpcServiceError(cause)) return false;
  const code: number = cause.code;
  return code === INVALID_ARGUMENT;
}
