import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { SearchAttributePair } from '@temporalio/common';
import type { InForce } from '../engine/definitions';
import { INTERNAL_PREFIX } from '../engine/match';
import { startsWith } from './starts-with';
import { signalLifecycle, type LifecycleSignal } from './signal';

/** Signals under way at once; the rest queues. */
const CONCURRENCY = 100;
/** One signal is enough to wake a user, more are for the reader of the timeline; the server bears about a hundred at a time. */
const SIGNALS_PER_USER = 20;
/**
 * The server cuts a workflow task off once about a hundred signals wait for its end, which costs the user their execution. Who
 * has had so many within a window is told once more at its end. Real milliseconds.
 */
const SIGNALS_PER_WINDOW = 50;
const WINDOW_MS = 5_000;
/** What doesn't fit in the queue is left to the relay. */
const QUEUE_LIMIT = 20_000;
/** After this a signal is given up; the relay repeats it. Milliseconds. */
const DEADLINE_MS = 10_000;

export interface WakerOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly definitions: InForce;
  readonly log: Logger;
}

/** Sends signals without keeping anyone waiting. A signal that is lost is not missed for long: the relay sends it again. */
export class Waker {
  private readonly queue: LifecycleSignal[] = [];
  private readonly counts = new Map<string, number>();
  private readonly postponed = new Map<string, LifecycleSignal>();
  private window: NodeJS.Timeout | null = null;
  private active = 0;
  private onIdle: (() => void)[] = [];

  constructor(private readonly options: WakerOptions) {}

  /** Tells of pending events. Never throws, never waits. */
  eventsPending(userId: string, events: readonly { readonly id: string; readonly name: string }[]): void {
    for (const { id, name } of events.slice(0, SIGNALS_PER_USER))
      this.send({ userId, name: this.shownName(name), id, shows: this.shows(name) });
  }

  /** Tells that a deadline has passed or the journeys have changed. */
  wake(userId: string, why: string): void {
    this.send({ userId, name: why, id: null, shows: this.shows(null) });
  }

  /** Resolves when no signal is under way or queued; what takes too long, because Temporal is away, is left to the relay. */
  async idle(): Promise<void> {
    this.nextWindow();
    if (this.active === 0) return;
    const overdue = setTimeout(() => (this.queue.length = 0), DEADLINE_MS);
    await new Promise<void>((resolve) => this.onIdle.push(resolve));
    clearTimeout(overdue);
  }

  /** Only declared names: any other may be called anything, and is shown as `Activity`. */
  private shownName(name: string): string {
    const declared = this.options.definitions.current.reactsTo.includes(name);
    return declared || name.startsWith(INTERNAL_PREFIX) ? name : 'Activity';
  }

  private shows(event: string | null): SearchAttributePair[] {
    return startsWith(this.options.definitions.current, event);
  }

  private send(signal: LifecycleSignal): void {
    const { userId } = signal;
    const sent = this.counts.get(userId) ?? 0;
    this.window ??= setTimeout(() => this.nextWindow(), WINDOW_MS).unref();
    if (sent >= SIGNALS_PER_WINDOW) {
      this.postponed.set(userId, signal);
      return;
    }
    this.counts.set(userId, sent + 1);
    if (this.active < CONCURRENCY) void this.run(signal);
    else if (this.queue.length < QUEUE_LIMIT) this.queue.push(signal);
  }

  private nextWindow(): void {
    if (this.window) clearTimeout(this.window);
    this.window = null;
    this.counts.clear();
    const signals = [...this.postponed.values()];
    this.postponed.clear();
    for (const signal of signals) this.send(signal);
  }

  private async run(first: LifecycleSignal): Promise<void> {
    const { client, taskQueue, log } = this.options;
    this.active++;
    for (let signal: LifecycleSignal | undefined = first; signal; signal = this.queue.shift()) {
      try {
        const next = signal;
        await client.withDeadline(Date.now() + DEADLINE_MS, () => signalLifecycle(client, taskQueue, next));
      } catch (error) {
        log.debug({ err: error }, 'a signal was not delivered; the relay will repeat it');
      }
    }
    this.active--;
    if (this.active === 0) this.onIdle.splice(0).forEach((resolve) => resolve());
  }
}
