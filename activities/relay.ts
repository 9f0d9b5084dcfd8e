import { performance } from 'node:perf_hooks';
import type { Client } from '@temporalio/client';
import { DatabaseError } from 'pg';
import type { Logger } from 'pino';
import { deleteOldConversations } from '../store/chat-retention';
import { ERASURES, finishErasure, pendingErasures } from '../store/erasure';
import { forgetDue } from '../store/forgetting';
import type { Retention } from '../store/retention';
import type { StartRequests } from '../store/start-requests';
import { GIVEN_UP_AT_ONCE } from '../store/given-up';
import { TRACKED_AT_ONCE } from '../store/tracked-events';
import { eraseLifecycle } from '../temporal/erase';
import { reportLost } from './given-up';
import { searchOrphans } from './orphans';
import { Removal } from './retention';
import { SearchTimes } from './search-times';
import { receiveLost } from './tracked-events';
import { searchesOf, type Search, type SearchParts } from './lost-wake-ups';

const ROUND_MS = 1_000;
/** Upper limit, in seconds, both for visibility's delay in listing a new workflow and for the difference of clocks. */
const LISTING_DELAY_SECONDS = 10;
/** How often a worker asks whether it is time to look for orphans. Real milliseconds. */
const ORPHANS_MS = 15_000;
/** How often a worker looks for tracked events that were never received, and messages given up that were never reported. Real milliseconds. */
const LOST_MS = 5_000;
/** How often a worker looks for properties whose time is over. Real milliseconds. */
const FORGET_MS = 5_000;
/** How often a worker looks for conversations whose time is over. Real milliseconds. */
const CONVERSATIONS_MS = 5_000;
/** Time limit for a request to Temporal, longer than a reachable server takes. Real milliseconds. */
const ANSWER_MS = 5_000;

/** What a relay works with. */
export interface RelayParts extends SearchParts {
  readonly client: Client;
  readonly taskQueue: string;
  readonly starts: StartRequests;
  readonly retention: Retention;
  readonly log: Logger;
}

/**
 * Re-sends wake-ups that were lost, and replaces lost timers, even when all of Temporal's data is lost. It wakes users with pending
 * events, an overdue deadline, an abandoned delivery or call, or edited journeys. It also completes erasures in Temporal, finds
 * workflows of users who do not exist, forgets properties, deletes expired conversations and removes old rows. Every worker runs a relay; they share the work.
 */
export class Relay {
  private stopped = false;
  private done: Promise<void> = Promise.resolve();
  private wakeUp: () => void = () => undefined;
  private readonly searches: readonly Search[];
  private readonly times = new SearchTimes<Search>();
  /** Release and version of the definitions in the last round. */
  private searchedFor: { readonly seq: number; readonly version: string } | null = null;
  private erasedLast = '';
  private orphansDueAt = 0;
  private lostDueAt = 0;
  private forgetDueAt = 0;
  private conversationsDueAt = 0;
  private readonly removal: Removal;

  constructor(private readonly parts: RelayParts) {
    this.searches = searchesOf(parts);
    this.removal = new Removal(parts);
  }

  start(): void {
    this.done = this.loop();
  }

  /** Stops the relay and resolves after the round under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wakeUp();
    await this.done;
    this.removal.stop();
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      await this.round().catch((error: unknown) =>
        this.parts.log.warn({ err: error }, 'relay: a round failed; the next one repeats its work'),
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
    const { starts, definitions, release } = this.parts;
    const { seq } = release;
    const { version } = definitions.current;
    if (seq !== this.searchedFor?.seq || version !== this.searchedFor.version) this.times.clear();
    this.searchedFor = { seq, version };
    const now = performance.now();
    for (const search of this.searches.filter((each) => this.times.isDue(each, now))) {
      const begun = performance.now();
      const ids = await search.find().catch((error: unknown) => this.passOver(search, error));
      if (ids === null) continue;
      this.times.searched(search, now, ids.length, performance.now() - begun);
      if (ids.length === 0) continue;
      // Whoever a search has found counts as told.
      await starts.queue(ids, search.reason, search.isPatient);
      starts.announce();
    }
    await this.attempt('receiving lost events', () => this.findLost(now));
    await this.attempt('forgetting properties', () => this.forget(now));
    await this.attempt('deleting conversations', () => this.deleteConversations(now));
    await this.attempt('removing what is old', () => this.removal.round(performance.now()));
    await this.attempt('erasing workflows', () => this.erase());
    await this.findOrphans(now);
  }

  /** Does a part of the round. If it fails, it must not keep the parts behind it from being done. */
  private async attempt(part: string, act: () => Promise<void>): Promise<void> {
    await act().catch((error: unknown) =>
      this.parts.log.warn({ err: error, part }, 'relay: a part of a round failed; the next round repeats it'),
    );
  }

  /** A search that the database refuses, for example because it takes too long, must not keep the others from being made. */
  private passOver({ name }: Search, error: unknown): null {
    if (!(error instanceof DatabaseError)) throw error;
    this.parts.log.warn({ err: error, search: name }, 'relay: a search failed; the next round repeats it');
    return null;
  }

  /** Receives tracked events, and reports messages that were given up, if the worker that saved them has died. */
  private async findLost(now: number): Promise<void> {
    if (now < this.lostDueAt) return;
    const found = await receiveLost(this.parts);
    const reported = await reportLost(this.parts);
    const isMore = found === TRACKED_AT_ONCE || reported === GIVEN_UP_AT_ONCE;
    this.lostDueAt = isMore ? now : now + LOST_MS;
  }

  /** Forgets properties whose time is over, a portion each round. */
  private async forget(now: number): Promise<void> {
    if (now < this.forgetDueAt) return;
    const isMore = await forgetDue(this.parts.pool, this.parts.clock.now());
    this.forgetDueAt = isMore ? now : now + FORGET_MS;
  }

  /** Deletes conversations whose time is over, a portion each round. */
  private async deleteConversations(now: number): Promise<void> {
    if (now < this.conversationsDueAt) return;
    const isMore = await deleteOldConversations(this.parts.pool, this.parts.clock.now());
    this.conversationsDueAt = isMore ? now : now + CONVERSATIONS_MS;
  }

  /** Failing is no harm: the search goes on in a later turn. */
  private async findOrphans(now: number): Promise<void> {
    if (now < this.orphansDueAt) return;
    this.orphansDueAt = now + ORPHANS_MS;
    await searchOrphans(this.parts).catch((error: unknown) =>
      this.parts.log.debug({ err: error }, 'could not look for workflows of users who do not exist'),
    );
  }

  /** Completes erasures in turn, for a few seconds each round. Temporal takes half a minute for some, and the searches must not wait. */
  private async erase(): Promise<void> {
    const { pool, client } = this.parts;
    const end = Date.now() + ANSWER_MS;
    const erasures = await pendingErasures(pool, this.erasedLast);
    for (const erasure of erasures) {
      const { userId, requestedAt } = erasure;
      if (Date.now() > end) return;
      this.erasedLast = userId;
      const until = new Date(requestedAt.getTime() + LISTING_DELAY_SECONDS * 1_000);
      const left = await client.withDeadline(Date.now() + ANSWER_MS, () => eraseLifecycle(client, userId, until));
      if (left === 0) await finishErasure(pool, erasure, LISTING_DELAY_SECONDS);
    }
    if (erasures.length < ERASURES) this.erasedLast = '';
  }
}
