import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { callOf, workflowId, type News } from './signal';

/**
 * Tells a lifecycle by an update. The server hands it to a worker from memory and writes once, when the worker has answered: a third
 * of what a signal takes it, and no wait for its queue. It does not promise to keep what no worker takes, nor has to: PostgreSQL does.
 * Resolves when the worker's task ends, nearly always after its look at the user.
 * @returns false when no lifecycle of the user runs
 * @throws {Error} when no worker took it in time, or one that knows no updates did
 */
export async function updateLifecycle(client: Client, news: News): Promise<boolean> {
  const { name, args } = callOf(news);
  const handle = client.workflow.getHandle(workflowId(news.userId));
  try {
    await handle.executeUpdate(name, { args });
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
