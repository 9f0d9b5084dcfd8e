import type { Client } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { lifecycle } from '../workflows/lifecycle';
import type { Happening } from '../workflows/types';

/** The id of a user's workflow. User ids must be opaque: they show in the Temporal UI. */
export function workflowId(userId: string): string {
  return `lifecycle/${userId}`;
}

/** What one user's lifecycle is told: the first gives the call its name, for the reader of the timeline. */
export interface News {
  readonly userId: string;
  readonly happened: readonly [Happening, ...Happening[]];
}

/** The call's name and arguments. */
export function callOf({ happened }: News): { readonly name: string; readonly args: [string | null, ...Happening[]] } {
  const [{ name, id }, ...more] = happened;
  return { name, args: [id, ...more] };
}

/**
 * Tells a lifecycle by a signal, starting it if need be. The server keeps it until a worker takes it, which takes it three writes.
 * Losing this or doing it twice does no harm.
 * @param shows what a lifecycle that is started by it will most likely show; it corrects itself
 */
export async function signalLifecycle(
  client: Client,
  taskQueue: string,
  news: News,
  shows: SearchAttributePair[],
): Promise<void> {
  const { name, args } = callOf(news);
  await client.workflow.signalWithStart<typeof lifecycle, typeof args>('lifecycle', {
    workflowId: workflowId(news.userId),
    taskQueue,
    args: [{ userId: news.userId, continued: false }],
    signal: name,
    signalArgs: args,
    typedSearchAttributes: shows,
    staticSummary: 'The lifecycle of one user',
  });
}
