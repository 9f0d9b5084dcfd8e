import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { Pacing } from './pace';
import { signalLifecycle, type WakeSignal } from './signal';
import { updateLifecycle } from './update';
import { causesOf, checkCause, joinedCauses, type Causes } from './wake-reasons';

/** Users in the queue. Further users are left to the relay. */
const QUEUE_LIMIT = 20_000;
/**
 * Real milliseconds between two signals to one user. The server cuts off a workflow task once about a hundred signals wait for its
 * end, which costs the user the execution, and a task lasts some seconds with a slow provider.
 */
export const SIGNAL_PAUSE_MS = 200;
/** Real milliseconds after which a call is given up; the relay repeats it. */
const DEADLINE_MS = 10_000;
/** The last part of the deadline, reserved for a signal in case no worker took the update. Real milliseconds. */
const SIGNAL_MS = 2_000;

/** An event that waits to be processed. */
export interface Pending {
  readonly id: string;
  readonly name: string;
  /** What is known of the user's workflow. `queued`: it is about to be started, by a worker. */
  readonly workflow: 'running' | 'queued' | 'unknown';
}

/** The queue of users whose lifecycle has to be started. */
export interface Starts {
  /**
   * Queues a user.
   * @param reason what to check; null where it is only for pending events
   */
  queue(userId: string, reason: string | null): Promise<void>;
  /** Tells the workers that users are queued. Returns at once and never throws. */
  announce(): void;
}

/** What a waker works with. */
export interface WakerOptions {
  readonly client: Client;
  readonly definitions: DefinitionsProvider;
  readonly starts: Starts;
  /** How many users are woken at once. */
  readonly pace: Pacing;
  readonly log: Logger;
}

interface Call extends WakeSignal {
  readonly reasons: Causes;
}

/**
 * Wakes lifecycles without blocking the caller. A running workflow gets an update. Where none runs, the user is queued, and a worker
 * starts one. Each user has one call under way at a time, and the reasons that arrive meanwhile are sent together, so that no
 * lifecycle is flooded. The relay repeats lost calls.
 */
export class Waker {
  private readonly queue = new Map<string, Call>();
  /** Users with a call under way, or in the pause after a signal, and the next call of each. */
  private readonly active = new Map<string, Call | null>();
  private onIdle: (() => void)[] = [];

  constructor(private readonly options: WakerOptions) {}

  /** Wakes a user for pending events. Returns at once and never throws. */
  eventsPending(userId: string, events: readonly Pending[]): void {
    if (events.some(({ workflow }) => workflow === 'queued')) return this.options.starts.announce();
    const reasons = causesOf(this.options.definitions.current, events);
    if (reasons) this.notify({ userId, reasons });
  }

  /**
   * Wakes a user for a check, such as a deadline that has passed or journeys that have changed. Returns at once and never throws.
   * @param reason what to check, for readers of the timeline
   */
  wake(userId: string, reason: string): void {
    this.notify({ userId, reasons: checkCause(reason) });
  }

  /** Resolves when no call is under way. After the deadline of a call, the remaining ones are left to the relay. */
  async idle(): Promise<void> {
    if (this.active.size === 0) return;
    const overdue = setTimeout(() => this.forget(), DEADLINE_MS);
    await new Promise<void>((resolve) => this.onIdle.push(resolve));
    clearTimeout(overdue);
  }

  private forget(): void {
    this.queue.clear();
    for (const userId of this.active.keys()) this.active.set(userId, null);
  }

  private notify(call: Call): void {
    const following = this.active.get(call.userId);
    if (following !== undefined) this.active.set(call.userId, merged(following, call));
    else {
      this.enqueue(call);
      this.callNext();
    }
  }

  private enqueue(call: Call): void {
    const queued = this.queue.get(call.userId) ?? null;
    if (queued || this.queue.size < QUEUE_LIMIT) this.queue.set(call.userId, merged(queued, call));
  }

  /** Makes the calls that have waited longest, as many as the pace allows. */
  private callNext(): void {
    for (const call of this.queue.values()) {
      if (this.options.pace.room === 0) return;
      this.queue.delete(call.userId);
      void this.run(call);
    }
  }

  private async run(call: Call): Promise<void> {
    const { userId } = call;
    this.active.set(userId, null);
    const end = this.options.pace.begin();
    const signalled = await this.deliver(call);
    end();
    this.callNext();
    // The pause is kept even if no reason has arrived yet: the next one may arrive during it.
    if (signalled) await pause(SIGNAL_PAUSE_MS);
    const following = this.active.get(userId);
    this.active.delete(userId);
    if (following) this.enqueue(following);
    this.callNext();
    if (this.active.size === 0) this.onIdle.splice(0).forEach((resolve) => resolve());
  }

  /** Sends a call. Returns true when it became a signal. */
  private async deliver(call: Call): Promise<boolean> {
    const { client, starts, log } = this.options;
    const deadline = Date.now() + DEADLINE_MS;
    let signalled = false;
    try {
      const update = (): Promise<boolean> => updateLifecycle(client, call);
      if (await client.withDeadline(deadline - SIGNAL_MS, update)) return false;
    } catch (error) {
      log.debug({ err: error }, 'no worker took an update; sending a signal instead');
      signalled = true;
    }
    try {
      if (signalled && (await client.withDeadline(deadline, () => signalLifecycle(client, call)))) return true;
      const [{ id, name }] = call.reasons;
      await starts.queue(call.userId, id === null ? name : null);
      starts.announce();
    } catch (error) {
      log.debug({ err: error }, 'a wake-up was not delivered; the relay will repeat it');
    }
    return signalled;
  }
}

/** Merges two calls to one user. */
function merged(earlier: Call | null, later: Call): Call {
  return earlier ? { userId: later.userId, reasons: joinedCauses(earlier.reasons, later.reasons) } : later;
}
