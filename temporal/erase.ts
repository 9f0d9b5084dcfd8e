import type { Client } from '@temporalio/client';
import { workflowId } from './signal';

/**
 * Ends and deletes every execution of a user's workflow with its history. Answers how many were still listed: deletion
 * and listing lag behind, so a caller repeats this until none are.
 */
export async function eraseLifecycle(client: Client, userId: string): Promise<number> {
  const id = workflowId(userId);
  const { namespace } = client.options;
  let found = 0;
  for await (const { runId, status } of client.workflow.list({
    query: `WorkflowId = "${id.replace(/["\\]/g, '\\$&')}"`,
  })) {
    found++;
    if (status.name === 'RUNNING') await client.workflow.getHandle(id, runId).terminate('erased');
    await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId: id, runId } });
  }
  return found;
}
