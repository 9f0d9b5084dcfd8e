import { performance } from 'node:perf_hooks';

/** How long an observation counts. Real milliseconds. */
const WINDOW_MS = 5_000;
/** Fewer timers than this in the window say nothing: each may have been held up by something of its own. */
const FEWEST = 3;
/** The latest observations that are kept. */
const MOST = 100;

/**
 * Records how late the timers of lifecycles lead to decisions. They are late when many fire at the same moment, for example at the end
 * of quiet hours, because Temporal and the workers take them one after another.
 */
export class TimerLateness {
  private readonly observed: { readonly at: number; readonly lateMs: number }[] = [];

  /** @param now a steady clock, in milliseconds */
  constructor(private readonly now = (): number => performance.now()) {}

  /** Records a decision for which a timer had fired, that many real milliseconds after the deadline. */
  observe(lateMs: number): void {
    this.observed.push({ at: this.now(), lateMs });
    if (this.observed.length > MOST) this.observed.shift();
  }

  /** The median of the last seconds, in real milliseconds. 0 when hardly any timer fires. */
  get recentMs(): number {
    const since = this.now() - WINDOW_MS;
    const recent = this.observed.filter(({ at }) => at >= since).map(({ lateMs }) => lateMs);
    if (recent.length < FEWEST) return 0;
    return recent.toSorted((a, b) => a - b)[Math.floor(recent.length / 2)] ?? 0;
  }
}
