import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Clock } from '../engine/clock';
import type { Release } from '../store/releases';
import { finishErasure, pendingErasures, takeEdited, takeOverdue, takePending } from '../store/relay';
import { eraseLifecycle } from '../temporal/erase';
import type { Waker } from '../temporal/waker';

const ROUND_MS = 1_000;
/** Signals normally arrive within milliseconds: what is older than this was lost. Real milliseconds. */
const GRACE_MS = 5_000;
/** A user told once is not told again for this long. Real milliseconds. */
const REST_MS = 10_000;
/** Once nobody is left under older journeys, this long until the next look. Real milliseconds. */
const EDITS_MS = 60_000;
/** Visibility lists a workflow this many seconds after it started, at the latest. */
const SETTLE_SECONDS = 10;

export interface RelayParts {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly client: Client;
  readonly waker: Waker;
  readonly release: Release;
  readonly version: string;
  readonly log: Logger;
}

/**
 * Makes good for lost signals and timers, even for the loss of all of Temporal: who has pending events, an overdue
 * deadline or journeys that changed is told again. Every worker runs one; they share the work.
 */
export class Relay {
  private stopped = false;
  private done: Promise<void> = Promise.resolve();
  private wakeUp: () => void = () => undefined;
  private lookForEditsAt = 0;

  constructor(private readonly parts: RelayParts) {}

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
    const { pool, clock, waker, release, version } = this.parts;
    await release.heartbeat();
    const round = { now: Date.now(), restMs: REST_MS };
    const cutoff = clock.now() - GRACE_MS * clock.speed;
    for (const id of await takePending(pool, round, cutoff)) waker.wake(id, 'events waiting');
    for (const id of await takeOverdue(pool, round, cutoff)) waker.wake(id, 'deadline passed');
    if (round.now >= this.lookForEditsAt) {
      const edited = await takeEdited(pool, round, version);
      for (const id of edited) waker.wake(id, 'journeys changed');
      if (edited.length === 0) this.lookForEditsAt = round.now + EDITS_MS;
    }
    await this.erase();
  }

  private async erase(): Promise<void> {
    const { pool, client } = this.parts;
    for (const id of await pendingErasures(pool)) {
      if ((await eraseLifecycle(client, id)) === 0) await finishErasure(pool, id, SETTLE_SECONDS);
    }
  }
}
