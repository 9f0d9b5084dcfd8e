import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { workflowId } from './signal';

/** What a query can't quote so that every visibility store understands it. */
const UNQUOTABLE = /["'\\\p{Cc}]/u;

/** Finds a workflow's executions, and possibly those of others. */
function queryFor(id: string): string {
  const [begin = ''] = id.split(UNQUOTABLE, 1);
  return begin === id ? `WorkflowId = "${id}"` : `WorkflowId STARTS_WITH "${begin}"`;
}

/**
 * Ends every execution of a user's workflow, and deletes those that have ended, with their histories. Answers how many were
 * still listed: deletion and listing lag behind, so a caller repeats this until none are. What is deleted while it is only just
 * ending takes the server half a minute, hence in two rounds.
 * @param until what started later is left alone: the user has come back
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
    // It has ended since it was listed.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  });
}
