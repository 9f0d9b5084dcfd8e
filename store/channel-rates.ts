import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { RateLimit } from '../engine/model/rate';
import { prepared } from './sql';

/** How late a turn may be used: this part of the rate's span, and at most this long. Real milliseconds. */
const LATENESS = 1 / 10;
const LATEST_MS = 1_000;
/** No turn is given farther ahead than this, and no more than these, over all workers. Real milliseconds. */
const AHEAD_MS = 1_000;
const AHEAD_MOST = 20;
/** Turns that a message misses, because the process or the database is slow, before it comes back later. */
const MISSED_MOST = 3;

/** How long after its turn a message may still be sent. Real milliseconds. */
export function latenessMs({ perMs }: RateLimit): number {
  return Math.min(LATEST_MS, perMs * LATENESS);
}

/**
 * Milliseconds between two turns. A message is sent within `latenessMs` after its turn, so those of any span have their turns in a span
 * that is longer by as much, which has no more than `most` turns.
 */
export function spacingMs(limit: RateLimit): number {
  return (limit.perMs + latenessMs(limit)) / limit.most;
}

interface TakeValues {
  readonly channel: string;
  readonly fresh: number;
  readonly returned: number;
  readonly spacingMs: number;
  readonly aheadMs: number;
}

/** Times in milliseconds from the moment of the statement. */
interface Taken {
  /** How many turns were given, those that have returned first. */
  readonly given: number;
  readonly firstMs: number;
  /** When the first of the others may come back. */
  readonly lineMs: number;
}

const TAKE = prepared<TakeValues>(
  'take-turns',
  (param) => `
SELECT given, first_ms AS "firstMs", line_ms AS "lineMs"
FROM take_turns(${param.channel}, ${param.fresh}::int, ${param.returned}::int, ${param.spacingMs}::float8, ${param.aheadMs}::float8)`,
);

/** `null` when the message may be sent now; otherwise after how many real milliseconds it may ask again. */
export type TurnAnswer = number | null;

interface Asking {
  readonly isReturned: boolean;
  readonly resolve: (place: Place) => void;
  readonly reject: (error: unknown) => void;
}

/** A turn that may be used from `from` to `to`, of the process's steady clock, or the time to wait before asking again. */
type Place = { readonly from: number; readonly to: number } | { readonly againInMs: number };

/**
 * Holds the rate of a channel over all workers. The database gives turns, evenly spaced. A process that asks for several while a
 * statement is under way asks for all of them with the next one. A message whose turn is far ahead is sent away with the time at which
 * there will be room for it, so it occupies nothing until then.
 */
export class ChannelRate {
  private asking: Asking[] = [];
  private isUnderWay = false;

  constructor(
    private readonly pool: Pool,
    private readonly channel: string,
    private readonly limit: RateLimit,
  ) {}

  /**
   * Waits for the message's turn if it is near.
   * @param isReturned whether the message was sent away before, and has waited in line
   * @throws the database's error
   */
  async turn(isReturned: boolean): Promise<TurnAnswer> {
    for (let missed = 0; missed < MISSED_MOST; missed++) {
      const place = await this.ask(isReturned || missed > 0);
      if ('againInMs' in place) return place.againInMs;
      const waitMs = place.from - performance.now();
      if (waitMs > 0) await pause(waitMs);
      if (performance.now() <= place.to) return null;
    }
    return AHEAD_MS * (1 + Math.random());
  }

  private ask(isReturned: boolean): Promise<Place> {
    return new Promise((resolve, reject) => {
      this.asking.push({ isReturned, resolve, reject });
      if (!this.isUnderWay) void this.take();
    });
  }

  private async take(): Promise<void> {
    this.isUnderWay = true;
    // At the end of this turn of the event loop, which may bring more messages.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.asking.length > 0) await this.takeFor(this.asking.splice(0));
    this.isUnderWay = false;
  }

  private async takeFor(all: readonly Asking[]): Promise<void> {
    const [returned, fresh] = [all.filter((one) => one.isReturned), all.filter((one) => !one.isReturned)];
    const spacing = spacingMs(this.limit);
    const aheadMs = Math.min(AHEAD_MS, spacing * AHEAD_MOST);
    const values = {
      channel: this.channel,
      fresh: fresh.length,
      returned: returned.length,
      spacingMs: spacing,
      aheadMs,
    };
    const askedAt = performance.now();
    try {
      const { rows } = await this.pool.query<Taken>(TAKE(values));
      const answeredAt = performance.now();
      const { given, firstMs, lineMs } = rows[0] ?? { given: 0, firstMs: 0, lineMs: aheadMs };
      let inLine = 0;
      [...returned, ...fresh].forEach((one, index) => {
        const at = firstMs + index * spacing;
        // The statement was made at some time between, so these bounds hold wherever it was.
        if (index < given) one.resolve({ from: answeredAt + at, to: askedAt + at + latenessMs(this.limit) });
        else if (one.isReturned) one.resolve({ againInMs: aheadMs * (1 + Math.random()) });
        else one.resolve({ againInMs: lineMs + inLine++ * spacing });
      });
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  }
}
