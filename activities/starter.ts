import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import { Listener } from '../store/listener';
import { claimStarts, releaseAbandonedStarts, releaseStarts, type QueuedStart } from '../store/start-queue';
import { START_CHANNEL } from '../store/start-requests';
import { AdaptivePace, type Outcome } from '../temporal/pace';
import { ensureSearchAttributes } from '../temporal/register';
import { LifecycleStarts } from '../temporal/start';
import { causesOf, checkCause } from '../temporal/wake-reasons';
import type { FirstDecisions } from './first-decisions';
import type { InFlight } from './in-flight';
import type { TimerLateness } from './timer-lateness';

/** Users claimed by one statement. */
const AT_ONCE = 4;
/** The queue is looked at this often even if nothing is announced. Real milliseconds. */
const LOOK_EVERY_MS = 1_000;
/** Finished starts are reported after this time at the latest. Real milliseconds. */
const REPORT_MS = 200;
/** Claims of workers that have died are looked for this often. Real milliseconds. */
const SWEEP_EVERY_MS = 5_000;
/** Time limit of a start, or of an update and the signal that follows when no worker takes it. Real milliseconds. */
const START_MS = 5_000;
/** A first decision that takes longer counts as made by another worker. It must not end before the start does. Real milliseconds. */
const DECISION_MS = 6_000;
/** Pause after Temporal or the database has failed. Real milliseconds. */
const FAILURE_PAUSE_MS = 1_000;
/**
 * While so many deliveries have begun in the last seconds and are still under way, nobody is started: a slow provider would only be given
 * a longer queue. Older ones don't count, because a provider that is silent must not keep everybody out.
 */
const DELIVERIES_AT_ONCE = 50;
/** How old a delivery may be to count. Real milliseconds. */
const DELIVERY_MS = 3_000;
/**
 * While timers are later than this, one user is started at a time. Users who wait for a deadline go first, but must not keep new users
 * out altogether. Real milliseconds.
 */
const LATE_TIMERS_MS = 1_000;
/** The deliveries are counted again after this time. Real milliseconds. */
const CROWDED_MS = 50;
/** The listener is replaced when users are found without an announcement, and none was heard for this long. Real milliseconds. */
const SILENCE_MS = 5_000;

/** What a starter works with. */
export interface StarterParts {
  readonly pool: Pool;
  readonly databaseUrl: string;
  /** Has to share the worker's connection. */
  readonly client: Client;
  readonly taskQueue: string;
  readonly definitions: DefinitionsProvider;
  readonly decisions: FirstDecisions;
  readonly inFlight: InFlight;
  readonly lateness: TimerLateness;
  readonly log: Logger;
}

/**
 * Starts the lifecycles of queued users, in the order of their turns, no faster than their first decisions are made. A lifecycle that
 * runs already is woken. There is a starter in every worker, so that the server can hand over a lifecycle's first task with the answer
 * to its start. The workers share the queue.
 */
export class Starter {
  private readonly pace = new AdaptivePace();
  private readonly claimed: QueuedStart[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private finished: string[] = [];
  private isAnnounced = true;
  private heardAt = 0;
  private stopped = false;
  private lookDueAt = 0;
  private sweepDueAt = 0;
  private wakeUp: () => void = () => undefined;
  private listener: Listener | null = null;
  private done: Promise<void> = Promise.resolve();
  private readonly starts: LifecycleStarts;

  constructor(private readonly parts: StarterParts) {
    this.starts = new LifecycleStarts(parts);
  }

  start(): void {
    const onAnnounced = (): void => {
      this.isAnnounced = true;
      this.heardAt = Date.now();
      this.wakeUp();
    };
    this.listener = Listener.start({
      url: this.parts.databaseUrl,
      channel: START_CHANNEL,
      applicationName: 'sojourn-starts',
      onNotification: onAnnounced,
      onListening: onAnnounced,
    });
    this.done = this.loop();
  }

  /** Stops. Resolves when the starts under way have ended; users who are claimed but not started go back into the queue. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.listener?.stop();
    this.wakeUp();
    await this.done;
    await Promise.all(this.underWay);
    const { pool } = this.parts;
    const unstarted = this.claimed.map(({ userId }) => userId);
    await claimStarts(pool, 0, this.finished)
      .then(() => releaseStarts(pool, unstarted))
      .catch(() => undefined);
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.step();
      } catch (error) {
        this.parts.log.debug({ err: error }, 'the start queue could not be read');
        await this.rest(FAILURE_PAUSE_MS);
      }
    }
  }

  private async step(): Promise<void> {
    if (this.room <= 0) return this.rest(LOOK_EVERY_MS);
    if (this.parts.inFlight.youngerThan(DELIVERY_MS) >= DELIVERIES_AT_ONCE) return this.rest(CROWDED_MS);
    const next = this.claimed.shift();
    if (next) this.begin(next);
    else if (this.isLookDue()) await this.look();
    else await this.rest(this.finished.length > 0 ? REPORT_MS : LOOK_EVERY_MS);
  }

  /** How many more may be started now. */
  private get room(): number {
    const { room } = this.pace;
    return this.parts.lateness.recentMs > LATE_TIMERS_MS ? Math.min(room, 1 - this.underWay.size) : room;
  }

  private isLookDue(): boolean {
    return this.isAnnounced || Date.now() >= this.lookDueAt;
  }

  private async look(): Promise<void> {
    const { pool } = this.parts;
    const wasAnnounced = this.isAnnounced;
    this.isAnnounced = false;
    if (Date.now() >= this.sweepDueAt) {
      this.sweepDueAt = Date.now() + SWEEP_EVERY_MS;
      await releaseAbandonedStarts(pool);
    }
    const reported = this.finished;
    this.finished = [];
    const claimed = await claimStarts(pool, AT_ONCE, reported).catch((error: unknown) => {
      this.finished.push(...reported);
      throw error;
    });
    this.claimed.push(...claimed);
    this.lookDueAt = Date.now() + LOOK_EVERY_MS;
    // There may be more.
    if (claimed.length === AT_ONCE) this.isAnnounced = true;
    else if (claimed.length > 0 && !wasAnnounced && Date.now() - this.heardAt > SILENCE_MS) {
      // The listener's connection may lead nowhere.
      this.heardAt = Date.now();
      this.listener?.reconnect();
    }
  }

  private begin(queued: QueuedStart): void {
    const end = this.pace.begin();
    const start = this.bring(queued).then((outcome) => {
      end(outcome);
      this.underWay.delete(start);
      this.wakeUp();
    });
    this.underWay.add(start);
  }

  /** Starts or wakes one lifecycle and waits for its decision. Never throws. */
  private async bring(queued: QueuedStart): Promise<Outcome> {
    const { pool, client, decisions, definitions, log } = this.parts;
    const { userId, isLikelyRunning, reason, events } = queued;
    const reasons = causesOf(definitions.current, events) ?? (reason === null ? null : checkCause(reason));
    // Without a pending event or something to check, somebody else has decided already.
    if (!reasons) return this.finish(userId, 'not done');
    try {
      const decided = decisions.next(userId, DECISION_MS);
      const call = client.withDeadline(Date.now() + START_MS, () =>
        this.starts.startOrWake(userId, reasons, isLikelyRunning),
      );
      // A lifecycle answers an update when the first attempts at its deliveries have ended, which may be long after the decision.
      if ((await Promise.race([call, decided])) === 'started') await decided;
      return this.finish(userId, 'done');
    } catch (error) {
      log.debug({ err: error }, 'a lifecycle could not be started; it is tried again');
      // Without our search attributes, Temporal refuses every start.
      await client.withDeadline(Date.now() + START_MS, () => ensureSearchAttributes(client)).catch(() => undefined);
      await pause(FAILURE_PAUSE_MS);
      await releaseStarts(pool, [userId]).catch(() => undefined);
      this.isAnnounced = true;
      return 'not done';
    }
  }

  /** The user leaves the queue with the next look at it. */
  private finish(userId: string, outcome: Outcome): Outcome {
    if (this.finished.length === 0) this.lookDueAt = Math.min(this.lookDueAt, Date.now() + REPORT_MS);
    this.finished.push(userId);
    return outcome;
  }

  /** Waits until something happens, at most this long. Real milliseconds. */
  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = (): void => {
        clearTimeout(timer);
        resolve();
      };
      if (this.stopped) this.wakeUp();
    });
  }
}
