import { WorkflowNotFoundError, type Client } from '@temporalio/client';
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
 * Wakes a running lifecycle with a signal. The server keeps the signal until a worker takes it, which costs the server three writes. A
 * lost or repeated signal does no harm.
 * @returns false when the user has no running lifecycle
 * @throws {Error} when Temporal can't be reached or refuses the signal
 */
export async function signalLifecycle(client: Client, signal: WakeSignal): Promise<boolean> {
  const { name, args } = wakeCall(signal);
  try {
    await client.workflow.getHandle(workflowId(signal.userId)).signal(name, ...args);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
