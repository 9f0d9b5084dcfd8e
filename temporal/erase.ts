import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { workflowId } from './signal';

/** Characters that no quoting in a query makes safe for every visibility store. */
const UNQUOTABLE = /["'\\\p{Cc}]/u;

/** A query that finds all executions of a workflow, and possibly those of others. */
function queryFor(id: string): string {
  const [begin = ''] = id.split(UNQUOTABLE, 1);
  return begin === id ? `WorkflowId = "${id}"` : `WorkflowId STARTS_WITH "${begin}"`;
}

/**
 * Terminates the running executions of a user's workflow, and deletes the closed ones with their histories. Listing and deletion lag
 * behind, so a caller repeats this until it returns 0. An execution is terminated in one call and deleted in a later one, because
 * deleting it while it closes takes the server half a minute.
 * @param until executions that started later are kept: the user has come back
 * @returns the number of executions still listed
 * @throws {Error} when Temporal can't be reached
 */
export async function eraseLifecycle(client: Client, userId: string, until: Date): Promise<number> {
  const id = workflowId(userId);
  const { namespace } = client.options;
  let found = 0;
  for await (const { workflowId: listed, runId, status, startTime } of client.workflow.list({ query: queryFor(id) })) {
    if (listed !== id || startTime > until) continue;
    found++;
    if (status.name === 'RUNNING') await terminate(client.workflow.getHandle(id, runId));
    else
      await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId: id, runId } });
  }
  return found;
}

async function terminate(execution: WorkflowHandle): Promise<void> {
  await execution.terminate('erased').catch((error: unknown) => {
    // The execution has closed since it was listed.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  });
}
