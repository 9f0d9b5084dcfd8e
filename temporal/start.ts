import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { Definitions } from '../engine/definitions/definitions';
import type { lifecycle } from '../workflows/lifecycle';
import { likelyAttributes } from './likely-attributes';
import { workflowId } from './signal';
import type { Causes } from './wake-reasons';

/** The lifecycle to start. */
export interface LifecycleStart {
  readonly userId: string;
  readonly reasons: Causes;
}

/**
 * Starts a user's lifecycle, which advances the user at once. The server hands its first task to the worker of this process together
 * with the answer (https://docs.temporal.io/encyclopedia/workers/eager-start), which spares it the task queue and one of the three
 * writes before the first decision. If the worker is full, any worker gets the task from the queue.
 * @param client has to share the worker's connection
 * @returns false when the user has a running lifecycle
 * @throws {Error} when Temporal can't be reached or refuses the start
 */
export async function startLifecycle(
  client: Client,
  taskQueue: string,
  definitions: Definitions,
  { userId, reasons }: LifecycleStart,
): Promise<boolean> {
  try {
    await client.workflow.start<typeof lifecycle>('lifecycle', {
      workflowId: workflowId(userId),
      taskQueue,
      // `continued` tells workers of releases that don't know `reasons` to advance at once.
      args: [{ userId, continued: true, reasons: reasons.map(({ id, name }) => ({ id, name })) }],
      typedSearchAttributes: likelyAttributes(definitions, reasons[0].declared),
      staticSummary: 'The lifecycle of one user',
      requestEagerStart: true,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
