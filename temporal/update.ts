import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { wakeCall, workflowId, type WakeSignal } from './signal';

/**
 * Wakes a running lifecycle with an update, and resolves when the worker's task ends, nearly always after it has advanced the user.
 * The server passes the update to a worker from memory and writes once, when the worker has answered: a third of a signal's writes,
 * and no wait in the task queue. The server may drop an update that no worker takes; PostgreSQL still has the events.
 * @returns false when the user has no running lifecycle
 * @throws {Error} when no worker took the update in time, or the workflow has no update handler
 */
export async function updateLifecycle(client: Client, signal: WakeSignal): Promise<boolean> {
  const { name, args } = wakeCall(signal);
  const handle = client.workflow.getHandle(workflowId(signal.userId));
  try {
    await handle.executeUpdate(name, { args });
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
