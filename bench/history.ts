import { Client, Connection } from '@temporalio/client';
import { NAMESPACE } from '../dev/temporal';
import { workflowId } from '../temporal/signal';

/** Returns the mean number of history events per user, over all executions of the user's workflow that the server lists. */
export async function historyEvents(address: string, userIds: readonly string[]): Promise<number> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace: NAMESPACE });
  let events = 0;
  try {
    for (const userId of userIds) {
      for await (const { workflowId: id, runId } of client.workflow.list({
        query: `WorkflowId = "${workflowId(userId)}"`,
      }))
        events += (await client.workflow.getHandle(id, runId).describe()).historyLength;
    }
  } finally {
    await connection.close();
  }
  return events / userIds.length;
}
