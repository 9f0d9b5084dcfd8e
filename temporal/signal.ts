import type { Client } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { lifecycle } from '../workflows/lifecycle';

/** The id of a user's workflow. User ids must be opaque: they show in the Temporal UI. */
export function workflowId(userId: string): string {
  return `lifecycle/${userId}`;
}

/** A signal to one user's lifecycle. Its name is for the reader of the timeline; it carries an id at most. */
export interface LifecycleSignal {
  readonly userId: string;
  readonly name: string;
  readonly id: string | null;
  /** What a lifecycle that is started by this signal will most likely show; it corrects itself. */
  readonly shows: SearchAttributePair[];
}

/** Tells a lifecycle that something happened, starting it if need be. Losing this or doing it twice does no harm. */
export async function signalLifecycle(
  client: Client,
  taskQueue: string,
  { userId, name, id, shows }: LifecycleSignal,
): Promise<void> {
  await client.workflow.signalWithStart<typeof lifecycle, [id: string | null]>('lifecycle', {
    workflowId: workflowId(userId),
    taskQueue,
    args: [{ userId, continued: false }],
    signal: name,
    signalArgs: [id],
    typedSearchAttributes: shows,
    staticSummary: 'The lifecycle of one user',
  });
}
