import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { InForce } from '../engine/definitions';
import { INTERNAL_PREFIX } from '../engine/match';
import type { Happening } from '../workflows/types';
import { signalLifecycle, type News } from './signal';
import { startsWith } from './starts-with';
import { updateLifecycle } from './update';

/** Users told at once; the rest queues. A call lasts as long as a worker looks at its user, some seconds if a provider is slow. */
const CONCURRENCY = 200;
/** Users who wait to be told. More are left to the relay. */
const QUEUE_LIMIT = 20_000;
/** One happening is enough to wake a user; more are for the reader of the timeline. */
const NAMED = 20;
/** After this a call is given up. Milliseconds. */
const DEADLINE_MS = 10_000;

/** Events of one user that wait for a worker. */
export interface Pending {
  readonly userId: string;
  readonly events: readonly { readonly id: string; readonly name: string }[];
  /** The user's lifecycle was left waiting for something: most likely it runs. */
  readonly asleep: boolean;
}

export interface WakerOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly definitions: InForce;
  readonly log: Logger;
}

interface Call extends News {
  readonly asleep: boolean;
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
  eventsPending({ userId, events, asleep }: Pending): void {
    const [first, ...more] = events.map(({ id, name }) => ({ id, name: this.shownName(name) }));
    if (first) this.tell({ userId, happened: [first, ...more], asleep });
  }

  /** Tells that a deadline has passed or the journeys have changed: of a lifecycle that should have known by itself. */
  wake(userId: string, why: string): void {
    this.tell({ userId, happened: [{ id: null, name: why }], asleep: false });
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
    return declared || name.startsWith(INTERNAL_PREFIX) ? name : 'Activity';
  }

  private tell(call: Call): void {
    const { userId } = call;
    const meanwhile = this.active.get(userId);
    if (meanwhile !== undefined) this.active.set(userId, both(meanwhile, call));
    else if (this.active.size < CONCURRENCY) void this.run(call);
    else if (this.queue.size < QUEUE_LIMIT || this.queue.has(userId))
      this.queue.set(userId, both(this.queue.get(userId) ?? null, call));
  }

  private async run(first: Call): Promise<void> {
    for (let call: Call | null = first; call; call = this.next(call.userId)) {
      this.active.set(call.userId, null);
      await this.deliver(call);
    }
    if (this.active.size === 0) this.onIdle.splice(0).forEach((resolve) => resolve());
  }

  /** What comes after a call to this user: what happened to them meanwhile, else whoever has waited longest. */
  private next(userId: string): Call | null {
    const meanwhile = this.active.get(userId);
    if (meanwhile) return meanwhile;
    this.active.delete(userId);
    const [waiting] = this.queue.values();
    if (waiting) this.queue.delete(waiting.userId);
    return waiting ?? null;
  }

  private async deliver(call: Call): Promise<void> {
    const { client, taskQueue, definitions, log } = this.options;
    const inTime = <Result>(work: () => Promise<Result>): Promise<Result> =>
      client.withDeadline(Date.now() + DEADLINE_MS, work);
    try {
      if (call.asleep && (await inTime(() => updateLifecycle(client, call)))) return;
    } catch (error) {
      log.debug({ err: error }, 'no worker took an update; a signal waits for one');
    }
    const [{ id, name }] = call.happened;
    const shows = startsWith(definitions.current, id === null ? null : name);
    try {
      await inTime(() => signalLifecycle(client, taskQueue, call, shows));
    } catch (error) {
      log.debug({ err: error }, 'a signal was not delivered; the relay will repeat it');
    }
  }
}

/** Two calls to one user in one. */
function both(before: Call | null, { userId, happened, asleep }: Call): Call {
  if (!before) return { userId, happened, asleep };
  const [first, ...more] = before.happened;
  const added: Happening[] = [...more, ...happened].slice(0, NAMED - 1);
  return { userId, happened: [first, ...added], asleep: before.asleep && asleep };
}
