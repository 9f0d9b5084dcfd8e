import { Tally, type Tallied } from '../testing/tally';
import type { Fate, RunOutlook } from './outlook';

/** What can happen to a run at the next advance. */
export type Change = Fate | 'skips' | 'released' | 'suppressed' | 'calls';

/** One thing that happens to a run. */
export interface InFlightRow {
  readonly journey: string;
  readonly change: Change;
  /** The step that the user is in. For skips, messages and calls, the step concerned. */
  readonly step: string | null;
  /** The step that the user moves to, or the channel of the message. */
  readonly to: string | null;
  readonly why: string;
}

/** What the next advance does to everyone inside a journey. */
export interface InFlightSummary {
  readonly people: number;
  readonly totals: Readonly<Record<Change, number>>;
  readonly rows: readonly Tallied<InFlightRow>[];
  /** The number of released messages that go out in each hour. `hour` is its beginning, epoch milliseconds. */
  readonly byHour: readonly { readonly hour: number; readonly count: number }[];
  /** True if the time limit ended the preview before every user was included. */
  readonly partial: boolean;
}

const HOUR_MS = 3_600_000;

/** Adds up outlooks, one user after the other. */
export class InFlightCount {
  private people = 0;
  private readonly tally = new Tally<InFlightRow>();
  private readonly hours = new Map<number, number>();

  /** Adds the outlook of one user. */
  add(user: string, runs: readonly RunOutlook[]): void {
    this.people++;
    for (const { journey, fate, from, to, why, skips, messages, calls } of runs) {
      this.tally.add(user, { journey, change: fate, step: from, to, why });
      for (const step of skips) this.tally.add(user, { journey, change: 'skips', step, to: null, why: '' });
      for (const step of calls) this.tally.add(user, { journey, change: 'calls', step, to: null, why: '' });
      for (const { step, channel, status, reason, at } of messages) {
        const change = status === 'suppressed' ? 'suppressed' : 'released';
        this.tally.add(user, { journey, change, step, to: channel, why: reason });
        const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
        if (change === 'released') this.hours.set(hour, (this.hours.get(hour) ?? 0) + 1);
      }
    }
  }

  /**
   * The sums so far.
   * @param partial whether users are missing
   */
  summary(partial = false): InFlightSummary {
    const rows = this.tally.rows();
    const totals: Record<Change, number> = {
      stays: 0,
      moves: 0,
      ends: 0,
      parked: 0,
      enters: 0,
      'left alone': 0,
      skips: 0,
      released: 0,
      suppressed: 0,
      calls: 0,
    };
    for (const { change, count } of rows) totals[change] += count;
    const byHour = [...this.hours].sort(([a], [b]) => a - b).map(([hour, count]) => ({ hour, count }));
    return { people: this.people, totals, rows, byHour, partial };
  }
}
