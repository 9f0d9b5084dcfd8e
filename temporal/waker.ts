import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { WakeSignal } from './signal';
import { wakeLifecycle, type WakeLimits } from './wake';
import { causesOf, joinedCauses, type Causes } from './wake-reasons';

/**
 * Users with a call under way. A call lasts as long as the user's advance, which is some seconds with a slow provider. More calls than a
 * worker takes at once would only use up their deadline there.
 */
const CALLS_AT_ONCE = 400;
/** Users in the queue. Further users are left to the relay. */
const QUEUE_LIMIT = 20_000;
/**
 * Real milliseconds between two signals to one user. The server cuts off a workflow task once about a hundred signals wait for its
 * end, which costs the user the execution, and a task lasts some seconds with a slow provider.
 */
export const SIGNAL_PAUSE_MS = 200;
/** After both of these a call is given up; the relay repeats it. */
const LIMITS: WakeLimits = { updateMs: 8_000, signalMs: 2_000 };

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
   * Queues users.
   * @param reason what to check; null where it is only for pending events
   */
  queue(userIds: readonly string[], reason: string | null): Promise<void>;
  /** Tells the workers that users are queued. Returns at once and never throws. */
  announce(): void;
}

/** What a waker works with. */
export interface WakerOptions {
  readonly client: Client;
  readonly definitions: DefinitionsProvider;
  readonly starts: Starts;
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
  private underWay = 0;
  private onIdle: (() => void)[] = [];

  constructor(private readonly options: WakerOptions) {}

  /** Wakes a user for pending events. Returns at once and never throws. */
  eventsPending(userId: string, events: readonly Pending[]): void {
    if (events.some(({ workflow }) => workflow === 'queued')) return this.options.starts.announce();
    const reasons = causesOf(this.options.definitions.current, events);
    if (reasons) this.notify({ userId, reasons });
  }

  /** Resolves when no call is under way. After the deadline of a call, the remaining ones are left to the relay. */
  async idle(): Promise<void> {
    if (this.active.size === 0) return;
    const overdue = setTimeout(() => this.forget(), LIMITS.updateMs + LIMITS.signalMs);
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

  /** Makes the calls that have waited longest. */
  private callNext(): void {
    for (const call of this.queue.values()) {
      if (this.underWay === CALLS_AT_ONCE) return;
      this.queue.delete(call.userId);
      void this.run(call);
    }
  }

  private async run(call: Call): Promise<void> {
    const { userId } = call;
    this.active.set(userId, null);
    this.underWay++;
    const signalled = await this.deliver(call);
    this.underWay--;
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
    try {
      const outcome = await wakeLifecycle(client, call, LIMITS, log);
      if (outcome !== 'not running') return outcome === 'signalled';
      await starts.queue([call.userId], null);
      starts.announce();
    } catch (error) {
      log.debug({ err: error }, 'a wake-up was not delivered; the relay will repeat it');
    }
    return false;
  }
}

/** Merges two calls to one user. */
function merged(earlier: Call | null, later: Call): Call {
  return earlier ? { userId: later.userId, reasons: joinedCauses(earlier.reasons, later.reasons) } : later;
}
