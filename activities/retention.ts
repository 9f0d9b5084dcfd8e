import { performance } from 'node:perf_hooks';
import type { Pool } from 'pg';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { Clock } from '../engine/model/clock';
import { neededHistory } from '../engine/outline/needed-history';
import { measureRetentionLag, removedRows } from '../config/metrics';
import type { Release } from '../store/releases';
import { measureRetention, noteRetention, removeOld, type Retention } from '../store/retention';

/** From the end of a pass to the beginning of the next one. Real milliseconds. */
const REST_MS = 3_600_000;
/** How often a worker asks whether it is time for a pass. Real milliseconds. */
const ASK_MS = 10_000;
/** How long the steps of a round take, so that nothing else waits for them. Real milliseconds. */
const ROUND_MS = 250;

/** What the removal works with. */
export interface RemovalDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly definitions: DefinitionsProvider;
  readonly release: Release;
  readonly retention: Retention;
}

/**
 * Removes rows that are older than they are to be kept, in small steps. Every worker takes part, one at a time. Only definitions that
 * no worker is about to replace can say what is needed.
 */
export class Removal {
  private dueAt = 0;
  private isNoted = false;

  constructor(private readonly deps: RemovalDeps) {}

  /**
   * Makes the steps of one round.
   * @param now the process's steady clock, in milliseconds
   */
  async round(now: number): Promise<void> {
    const { pool, clock, definitions, release, retention } = this.deps;
    if (now < this.dueAt || Object.values(retention).every((keepMs) => keepMs === null)) return;
    this.dueAt = now + ASK_MS;
    if (!this.isNoted) {
      measureRetentionLag(() => measureRetention(pool));
      await noteRetention(pool);
      this.isNoted = true;
    }
    if (release.hasLiveRivals) return;
    await definitions.refresh();
    const needed = neededHistory(definitions.current);
    while (performance.now() - now < ROUND_MS) {
      const step = await removeOld(pool, { retention, needed, now: clock.now(), restMs: REST_MS });
      if (!step) return;
      for (const [table, count] of Object.entries(step.removed)) removedRows.inc({ table }, count);
      if (step.isComplete) return;
    }
    this.dueAt = now;
  }

  /** Ends the measurement of how far the removal lags behind. */
  stop(): void {
    if (this.isNoted) measureRetentionLag(null);
  }
}
