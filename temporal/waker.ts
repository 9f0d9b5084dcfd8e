import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import { INTERNAL_PREFIX } from '../engine/model/activity';
import type { WakeReason } from '../workflows/wake-signal';
import { signalLifecycle, type WakeSignal } from './signal';
import { startsWith } from './starts-with';
import { updateLifecycle } from './update';

/**
 * Users with a call under way; the others queue. A call lasts as long as the user's advance, which is some seconds with a slow
 * provider. More calls than a worker takes at once would only use up their deadline there.
 */
const CONCURRENCY = 100;
/** Users in the queue. Further users are left to the relay. */
const QUEUE_LIMIT = 20_000;
/** Reasons in one call. One is enough to wake a user; the others are for readers of the timeline. */
const MAX_REASONS = 20;
/**
 * Real milliseconds between two signals to one user. The server cuts off a workflow task once about a hundred signals wait for its
 * end, which costs the user the execution, and a task lasts some seconds with a slow provider.
 */
export const SIGNAL_PAUSE_MS = 200;
/** Name shown for an event that no journey declares. */
const UNDECLARED = 'Activity';
/** Real milliseconds after which a call is given up; the relay repeats it. */
const DEADLINE_MS = 10_000;
/** The last part of the deadline, reserved for a signal in case no worker took the update. Real milliseconds. */
const SIGNAL_MS = 2_000;

/** An event that waits to be processed. */
export interface Pending {
  readonly id: string;
  readonly name: string;
  /** True when the user's lifecycle was left waiting for something, so that its workflow most likely runs. */
  readonly workflowLikelyRunning: boolean;
}

/** What a waker works with. */
export interface WakerOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly definitions: DefinitionsProvider;
  readonly log: Logger;
}

interface Cause extends WakeReason {
  /** The name of an app event that a journey declares; null for every other event and for checks. */
  readonly declared: string | null;
}

interface Call extends WakeSignal {
  readonly reasons: readonly [Cause, ...Cause[]];
  readonly workflowLikelyRunning: boolean;
}

/**
 * Wakes lifecycles without blocking the caller. Users with a running workflow get an update; everyone else gets signal-with-start.
 * Each user has one call under way at a time, and the reasons that arrive meanwhile are sent together, so that no lifecycle is
 * flooded. The relay repeats lost calls.
 */
export class Waker {
  private readonly queue = new Map<string, Call>();
  /** Users with a call under way, and the next call of each. */
  private readonly active = new Map<string, Call | null>();
  private onIdle: (() => void)[] = [];

  constructor(private readonly options: WakerOptions) {}

  /** Wakes a user for pending events. Returns at once and never throws. */
  eventsPending(userId: string, events: readonly Pending[]): void {
    const [first, ...others] = events.slice(0, MAX_REASONS).map((event) => this.causeOf(event));
    const workflowLikelyRunning = events.every((event) => event.workflowLikelyRunning);
    if (first) this.notify({ userId, reasons: mostTellingFirst([first, ...others]), workflowLikelyRunning });
  }

  /**
   * Wakes a user for a check, such as a deadline that has passed or journeys that have changed. Returns at once and never throws.
   * @param reason what to check, for readers of the timeline
   */
  wake(userId: string, reason: string): void {
    this.notify({ userId, reasons: [{ id: null, name: reason, declared: null }], workflowLikelyRunning: false });
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

  /** Only declared and internal names are shown. An undeclared name could be anything, personal data included. */
  private causeOf({ id, name }: Pending): Cause {
    if (name.startsWith(INTERNAL_PREFIX)) return { id, name, declared: null };
    const isDeclared = this.options.definitions.current.reactsTo.includes(name);
    return isDeclared ? { id, name, declared: name } : { id, name: UNDECLARED, declared: null };
  }

  private notify(call: Call): void {
    const { userId } = call;
    const following = this.active.get(userId);
    if (following !== undefined) this.active.set(userId, merged(following, call));
    else if (this.active.size < CONCURRENCY) void this.run(call);
    else this.enqueue(call);
  }

  private enqueue(call: Call): void {
    const queued = this.queue.get(call.userId) ?? null;
    if (queued || this.queue.size < QUEUE_LIMIT) this.queue.set(call.userId, merged(queued, call));
  }

  private async run(first: Call): Promise<void> {
    for (let call: Call | null = first; call; call = this.next(call.userId)) {
      this.active.set(call.userId, null);
      const signalled = await this.deliver(call);
      if (signalled && this.active.get(call.userId)) await pause(SIGNAL_PAUSE_MS);
    }
    if (this.active.size === 0) this.onIdle.splice(0).forEach((resolve) => resolve());
  }

  /** Ends a user's turn and takes the call that has waited longest. It may be the same user's, if reasons arrived meanwhile. */
  private next(userId: string): Call | null {
    const following = this.active.get(userId);
    this.active.delete(userId);
    if (following) this.enqueue(following);
    const [waiting] = this.queue.values();
    if (waiting) this.queue.delete(waiting.userId);
    return waiting ?? null;
  }

  /** Sends a call. Returns true when it became a signal. */
  private async deliver(call: Call): Promise<boolean> {
    const { client, taskQueue, definitions, log } = this.options;
    const deadline = Date.now() + DEADLINE_MS;
    try {
      const update = (): Promise<boolean> => updateLifecycle(client, call);
      if (call.workflowLikelyRunning && (await client.withDeadline(deadline - SIGNAL_MS, update))) return false;
    } catch (error) {
      log.debug({ err: error }, 'no worker took an update; sending a signal instead');
    }
    const shows = startsWith(definitions.current, call.reasons[0].declared);
    try {
      await client.withDeadline(deadline, () => signalLifecycle(client, taskQueue, call, shows));
    } catch (error) {
      log.debug({ err: error }, 'a signal was not delivered; the relay will repeat it');
    }
    return true;
  }
}

/** Moves the first declared event, if there is one, to the front, where it names the call. */
function mostTellingFirst(reasons: Call['reasons']): Call['reasons'] {
  const head = reasons.find(({ declared }) => declared !== null) ?? reasons[0];
  return [head, ...reasons.filter((other) => other !== head)];
}

/** Merges two calls to one user. */
function merged(earlier: Call | null, later: Call): Call {
  if (!earlier) return later;
  const [first, ...others] = earlier.reasons;
  const added = [...others, ...later.reasons].slice(0, MAX_REASONS - 1);
  return {
    userId: later.userId,
    reasons: mostTellingFirst([first, ...added]),
    workflowLikelyRunning: earlier.workflowLikelyRunning && later.workflowLikelyRunning,
  };
}
