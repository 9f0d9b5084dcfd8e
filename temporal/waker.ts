import { INTERNAL_PREFIX } from '../engine/model/activity';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { DefinitionsProvider } from '../engine/definitions/definitions';

import type { Happening } from '../workflows/types';
import { signalLifecycle, type News } from './signal';
import { startsWith } from './starts-with';
import { updateLifecycle } from './update';

/**
 * Users told at once; the rest queues. A call lasts as long as a worker looks at its user, some seconds if a provider is slow: more
 * than a worker takes at once would only wait for their deadline there.
 */
const CONCURRENCY = 100;
/** Users who wait to be told. More are left to the relay. */
const QUEUE_LIMIT = 20_000;
/** One happening is enough to wake a user; more are for the reader of the timeline. */
const NAMED = 20;
/**
 * The server cuts a workflow task off once about a hundred signals wait for its end, which costs the user their execution, and a
 * task lasts some seconds if a provider is slow. Between two signals to a user pass so many real milliseconds.
 */
export const SIGNAL_PAUSE_MS = 200;
/** How an event is shown that no journey names. */
const ANY = 'Activity';
/** After this a call is given up; the relay repeats it. Milliseconds. */
const DEADLINE_MS = 10_000;
/** The last part of it is for a signal, where no worker took the update. */
const SIGNAL_MS = 2_000;

/** An event that waits for a worker. */
export interface Pending {
  readonly id: string;
  readonly name: string;
  /** The user's lifecycle was left waiting for something: most likely it runs. */
  readonly workflowLikelyRunning: boolean;
}

export interface WakerOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly definitions: DefinitionsProvider;
  readonly log: Logger;
}

interface Call extends News {
  readonly workflowLikelyRunning: boolean;
}

/**
 * Tells lifecycles what happened, without keeping anyone waiting. Whose lifecycle runs is told by an update, everybody else by a
 * signal, which also starts it. Each user is told one thing at a time: what happens meanwhile is told together, so that nobody's
 * lifecycle is flooded. What is lost is not missed for long: the relay tells it again.
 */
export class Waker {
  private readonly queue = new Map<string, Call>();
  /** Who is being told, and what has happened to them since. */
  private readonly active = new Map<string, Call | null>();
  private onIdle: (() => void)[] = [];

  constructor(private readonly options: WakerOptions) {}

  /** Tells of pending events. Never throws, never waits. */
  eventsPending(userId: string, events: readonly Pending[]): void {
    const [first, ...more] = events.slice(0, NAMED).map(({ id, name }) => ({ id, name: this.shownName(name) }));
    const workflowLikelyRunning = events.every((event) => event.workflowLikelyRunning);
    if (first) this.tell({ userId, happened: headed([first, ...more]), workflowLikelyRunning });
  }

  /** Tells that a deadline has passed or the journeys have changed: of a lifecycle that should have known by itself. */
  wake(userId: string, why: string): void {
    this.tell({ userId, happened: [{ id: null, name: why }], workflowLikelyRunning: false });
  }

  /** Resolves when nobody is being told; what takes too long, because Temporal is away, is left to the relay. */
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

  /** Only declared names: any other may be called anything, and is shown as `Activity`. */
  private shownName(name: string): string {
    const declared = this.options.definitions.current.reactsTo.includes(name);
    return declared || name.startsWith(INTERNAL_PREFIX) ? name : ANY;
  }

  private tell(call: Call): void {
    const { userId } = call;
    const meanwhile = this.active.get(userId);
    if (meanwhile !== undefined) this.active.set(userId, both(meanwhile, call));
    else if (this.active.size < CONCURRENCY) void this.run(call);
    else this.enqueue(call);
  }

  private enqueue(call: Call): void {
    const before = this.queue.get(call.userId) ?? null;
    if (before || this.queue.size < QUEUE_LIMIT) this.queue.set(call.userId, both(before, call));
  }

  private async run(first: Call): Promise<void> {
    for (let call: Call | null = first; call; call = this.next(call.userId)) {
      this.active.set(call.userId, null);
      const signalled = await this.deliver(call);
      if (signalled && this.active.get(call.userId)) await pause(SIGNAL_PAUSE_MS);
    }
    if (this.active.size === 0) this.onIdle.splice(0).forEach((resolve) => resolve());
  }

  /** Who comes after this user: whoever has waited longest, which may be the same if something has happened to them meanwhile. */
  private next(userId: string): Call | null {
    const meanwhile = this.active.get(userId);
    this.active.delete(userId);
    if (meanwhile) this.enqueue(meanwhile);
    const [waiting] = this.queue.values();
    if (waiting) this.queue.delete(waiting.userId);
    return waiting ?? null;
  }

  /** Answers whether it became a signal. */
  private async deliver(call: Call): Promise<boolean> {
    const { client, taskQueue, definitions, log } = this.options;
    const deadline = Date.now() + DEADLINE_MS;
    try {
      const update = (): Promise<boolean> => updateLifecycle(client, call);
      if (call.workflowLikelyRunning && (await client.withDeadline(deadline - SIGNAL_MS, update))) return false;
    } catch (error) {
      log.debug({ err: error }, 'no worker took an update; a signal waits for one');
    }
    const [{ id, name }] = call.happened;
    const shows = startsWith(definitions.current, id === null ? null : name);
    try {
      await client.withDeadline(deadline, () => signalLifecycle(client, taskQueue, call, shows));
    } catch (error) {
      log.debug({ err: error }, 'a signal was not delivered; the relay will repeat it');
    }
    return true;
  }
}

/** What gives the call its name comes first: an event that a journey names, if there is one, says most. */
function headed(happened: News['happened']): News['happened'] {
  const head = happened.find(({ name }) => name !== ANY && !name.startsWith(INTERNAL_PREFIX)) ?? happened[0];
  return [head, ...happened.filter((other) => other !== head)];
}

/** Two calls to one user in one. */
function both(before: Call | null, { userId, happened, workflowLikelyRunning }: Call): Call {
  if (!before) return { userId, happened, workflowLikelyRunning };
  const [first, ...more] = before.happened;
  const added: Happening[] = [...more, ...happened].slice(0, NAMED - 1);
  return {
    userId,
    happened: headed([first, ...added]),
    workflowLikelyRunning: before.workflowLikelyRunning && workflowLikelyRunning,
  };
}
