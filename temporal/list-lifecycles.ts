import type { Client } from '@temporalio/client';
import { workflowId } from './signal';

/** Workflows on one page. */
const PAGE = 1_000;
const PREFIX = workflowId('');

/** Which workflows to list. */
export interface Listing {
  /** Of the workers. Other installations may share the namespace. */
  readonly taskQueue: string;
  /** Only executions that started earlier. */
  readonly startedBefore: Date;
  /** What the last page returned; empty for the first page. */
  readonly token: string;
}

/** A page of workflows. */
export interface LifecyclePage {
  /** The users they belong to, each once. */
  readonly userIds: readonly string[];
  /** Leads to the next page; empty after the last one. */
  readonly token: string;
}

/**
 * Lists one page of lifecycles, closed ones included: what Temporal knows of users.
 * @throws {Error} when Temporal can't be reached, or no longer knows the token
 */
export async function listLifecycles(
  client: Client,
  { taskQueue, startedBefore, token }: Listing,
): Promise<LifecyclePage> {
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    pageSize: PAGE,
    query: `WorkflowType = "lifecycle" AND TaskQueue = "${taskQueue}" AND StartTime < "${startedBefore.toISOString()}"`,
    nextPageToken: Buffer.from(token, 'base64'),
  });
  const ids = executions.map(({ execution }) => execution?.workflowId ?? '').filter((id) => id.startsWith(PREFIX));
  return {
    userIds: [...new Set(ids.map((id) => id.slice(PREFIX.length)))],
    token: Buffer.from(nextPageToken).toString('base64'),
  };
}
