import type { Client } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { lifecycle } from '../workflows/lifecycle';
import type { WakePayload, WakeReason } from '../workflows/wake-signal';

/** The id of a user's workflow. User ids must be opaque, because the Temporal UI shows them. */
export function workflowId(userId: string): string {
  return `lifecycle/${userId}`;
}

/** A wake-up for one user's lifecycle. The first reason names the call in the UI's timeline. */
export interface WakeSignal {
  readonly userId: string;
  readonly reasons: readonly [WakeReason, ...WakeReason[]];
}

/** The name and argument of the signal or update that carries a wake-up; `wakeReasonNames` reads them. */
export function wakeCall({ reasons }: WakeSignal): { readonly name: string; readonly args: [WakePayload] } {
  const [{ name, id }, ...others] = reasons;
  return { name, args: [{ id, also: others.map((reason) => ({ name: reason.name, id: reason.id })) }] };
}

/**
 * Wakes a lifecycle with a signal, and starts it if it does not run. The server keeps the signal until a worker takes it, which costs
 * the server three writes. A lost or repeated signal does no harm.
 * @param shows search attributes for a lifecycle that this call starts; the lifecycle corrects them if they are wrong
 * @throws {Error} when Temporal can't be reached or refuses the signal
 */
export async function signalLifecycle(
  client: Client,
  taskQueue: string,
  signal: WakeSignal,
  shows: SearchAttributePair[],
): Promise<void> {
  const { name, args } = wakeCall(signal);
  await client.workflow.signalWithStart<typeof lifecycle, typeof args>('lifecycle', {
    workflowId: workflowId(signal.userId),
    taskQueue,
    args: [{ userId: signal.userId, continued: false }],
    signal: name,
    signalArgs: args,
    typedSearchAttributes: shows,
    staticSummary: 'The lifecycle of one user',
  });
}
