import type { Definitions } from '../definitions/definitions';
import type { ChannelName } from '../model/state';
import { Tally, type Tallied } from '../testing/tally';
import { differences, type Course, type Difference, type DifferenceKind } from './difference';
import { replayLife, type Life } from './life';

/** The number of messages that a journey sent by a channel, under the old and the new definitions. */
export interface SentCounts {
  readonly journey: string;
  readonly channel: ChannelName;
  readonly before: number;
  readonly after: number;
}

/** What an edit would have changed if it had been in force. */
export interface Backtest {
  /** The number of lives that were compared. */
  readonly people: number;
  /** The number of lives with at least one difference. */
  readonly differing: number;
  readonly sent: readonly SentCounts[];
  readonly totals: Readonly<Record<DifferenceKind, number>>;
  readonly rows: readonly Tallied<Difference>[];
}

/** Adds up differences, one life after the other. */
export class BacktestCount {
  private people = 0;
  private differing = 0;
  private readonly tally = new Tally<Difference>();
  private readonly sent = new Map<string, { -readonly [Field in keyof SentCounts]: SentCounts[Field] }>();

  /**
   * Adds both courses of one life.
   * @param since the start of the comparison, epoch milliseconds; earlier decisions are left out
   */
  add(user: string, before: Course, after: Course, since: number): void {
    const found = differences(before, after, since);
    this.people++;
    if (found.length > 0) this.differing++;
    for (const difference of found) this.tally.add(user, difference);
    this.count(before, since, 'before');
    this.count(after, since, 'after');
  }

  /** The sums so far. */
  result(): Backtest {
    const rows = this.tally.rows();
    const totals: Record<DifferenceKind, number> = {
      more: 0,
      fewer: 0,
      'at another time': 0,
      'worded otherwise': 0,
      enter: 0,
      'do not enter': 0,
      'leave earlier': 0,
      'leave later': 0,
      'leave otherwise': 0,
      parked: 0,
      'not parked': 0,
      'take another way': 0,
    };
    for (const { kind, count } of rows) totals[kind] += count;
    const sent = [...this.sent].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, counts]) => counts);
    return { people: this.people, differing: this.differing, sent, totals, rows };
  }

  private count({ messages }: Course, since: number, side: 'before' | 'after'): void {
    for (const { journey, channel, status, decidedAt } of messages.values()) {
      if (status !== 'queued' || decidedAt < since) continue;
      const key = JSON.stringify([journey, channel]);
      const counts = this.sent.get(key) ?? { journey, channel, before: 0, after: 0 };
      counts[side]++;
      this.sent.set(key, counts);
    }
  }
}

/** The period of a comparison, epoch milliseconds. */
export interface Period {
  readonly since: number;
  readonly until: number;
}

/** Replays every life under both definitions, and adds up the differences. */
export async function backtest(
  lives: AsyncIterable<Life> | Iterable<Life>,
  before: Definitions,
  after: Definitions,
  { since, until }: Period,
): Promise<Backtest> {
  const count = new BacktestCount();
  for await (const life of lives)
    count.add(life.id, await replayLife(life, before, until), await replayLife(life, after, until), since);
  return count.result();
}
