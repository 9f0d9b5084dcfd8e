import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { ERASURES, finishErasure, pendingErasures } from '../store/erasure';
import { eraseLifecycle } from '../temporal/erase';
import { ensureSearchAttributes } from '../temporal/register';
import type { Waker } from '../temporal/waker';
import { SearchTimes } from './search-times';
import { searchesOf, type Search, type SearchParts } from './searches';

const ROUND_MS = 1_000;
/** Visibility lists a workflow this many seconds after it started, at the latest; nor do clocks differ by more. */
const SETTLE_SECONDS = 10;
/** Longer than Temporal takes to answer when it is there. Real milliseconds. */
const ANSWER_MS = 5_000;

export interface RelayParts extends SearchParts {
  readonly client: Client;
  readonly waker: Waker;
  readonly log: Logger;
}

/**
 * Makes good for whatever lifecycles were told in vain and for lost timers, even for the loss of all of Temporal: who has pending events, an overdue deadline,
 * something that nobody delivers or calls any more, or journeys that changed is told again. Every worker runs one; they
 * share the work.
 */
export class Relay {
  private stopped = false;
  private done: Promise<void> = Promise.resolve();
  private wakeUp: () => void = () => undefined;
  private readonly searches: readonly Search[];
  private readonly times = new SearchTimes<Search>();
  private inForce = '';
  private erasedLast = '';

  constructor(private readonly parts: RelayParts) {
    this.searches = searchesOf(parts);
  }

  start(): void {
    this.done = this.loop();
  }

  /** Ends after the round under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wakeUp();
    await this.done;
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      await this.round().catch((error: unknown) =>
        this.parts.log.warn({ err: error }, 'relay: this round failed, the next will make good'),
      );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ROUND_MS);
        this.wakeUp = (): void => {
          clearTimeout(timer);
          resolve();
        };
        if (this.stopped) this.wakeUp();
      });
    }
  }

  private async round(): Promise<void> {
    const { waker, definitions, release } = this.parts;
    const inForce = `${release.seq} ${definitions.current.version}`;
    if (this.inForce !== inForce) this.times.clear();
    this.inForce = inForce;
    const now = Date.now();
    const found: { id: string; why: string }[] = [];
    for (const search of this.searches.filter((each) => this.times.isDue(each, now))) {
      const ids = await search.find(now);
      this.times.searched(search, now, ids.length);
      found.push(...ids.map((id) => ({ id, why: search.why })));
    }
    if (found.length > 0) await this.introduceUs();
    for (const { id, why } of found) waker.wake(id, why);
    await this.erase();
  }

  /** Signals were lost. If all of Temporal was, it does not know our search attributes any more, and refuses every signal. */
  private async introduceUs(): Promise<void> {
    const { client, log } = this.parts;
    await client
      .withDeadline(Date.now() + ANSWER_MS, () => ensureSearchAttributes(client))
      .catch((error: unknown) => log.debug({ err: error }, 'the search attributes could not be looked at'));
  }

  /** Temporal takes half a minute over some, hence all in turn, a few seconds in each round: the searches must not wait for them. */
  private async erase(): Promise<void> {
    const { pool, client } = this.parts;
    const end = Date.now() + ANSWER_MS;
    const erasures = await pendingErasures(pool, this.erasedLast);
    for (const erasure of erasures) {
      const { userId, requestedAt } = erasure;
      if (Date.now() > end) return;
      this.erasedLast = userId;
      const until = new Date(requestedAt.getTime() + SETTLE_SECONDS * 1_000);
      const left = await client.withDeadline(Date.now() + ANSWER_MS, () => eraseLifecycle(client, userId, until));
      if (left === 0) await finishErasure(pool, erasure, SETTLE_SECONDS);
    }
    if (erasures.length < ERASURES) this.erasedLast = '';
  }
}
