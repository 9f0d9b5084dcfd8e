import { WorkflowNotFoundError, WorkflowUpdateStage, type Client } from '@temporalio/client';
import { callOf, workflowId, type News } from './signal';

/**
 * Tells a lifecycle by an update. The server hands it to a worker from memory and writes once, when the worker has answered: a third
 * of what a signal takes it, and no wait for its queue. It does not keep what no worker takes, nor has to: PostgreSQL does.
 * Resolves once a worker has looked at the user.
 * @returns false when no lifecycle of the user runs
 * @throws {Error} when no worker took it in time
 */
export async function updateLifecycle(client: Client, news: News): Promise<boolean> {
  const { name, args } = callOf(news);
  const handle = client.workflow.getHandle(workflowId(news.userId));
  try {
    await handle.startUpdate(name, { args, waitForStage: WorkflowUpdateStage.ACCEPTED });
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
