import { performance } from 'node:perf_hooks';

/** How many may be under way before anything is known. */
const FIRST_LIMIT = 4;
const HIGHEST_LIMIT = 50;
/** How much longer than alone one may take beside the others. Further ones would only wait for each other. */
const SLOWDOWN = 2.5;
/** How much faster the limit falls than it rises, so that one in four, not one in two, is slower than it should be. */
const BACK_OFF = 3;
/** What one takes alone is measured again this often, because machines and journeys change. Real milliseconds. */
const MEASURE_EVERY_MS = 10_000;
/** The last measurements alone. Their median counts: one may have met a pause of the machine, or a user with little to decide. */
const MEASUREMENTS = 3;

/** Whether a piece of work was done. It is not if it failed, or if there was nothing to do. */
export type Outcome = 'done' | 'not done';

/**
 * Limits how many pieces of background work are under way at once, by how long they take. Work that takes more than two and a half
 * times as long as alone is slowed down by its own kind, and slows down everything else on the same machines. In between, now and then
 * one runs alone to measure what that takes. The limit rises by one for as many pieces as it allows, and falls faster, in the manner of
 * TCP Vegas (https://doi.org/10.1145/190314.190317).
 */
export class AdaptivePace {
  private limit = FIRST_LIMIT;
  private underWay = 0;
  /** False from the moment that a second one begins until none is under way. */
  private isAlone = true;
  private readonly alone: number[] = [];
  private measuredAt = -Infinity;

  /** @param now a steady clock, in milliseconds */
  constructor(private readonly now = (): number => performance.now()) {}

  /** How many more may begin now. */
  get room(): number {
    const limit = this.isMeasurementDue() ? 1 : Math.floor(this.limit);
    return Math.max(0, limit - this.underWay);
  }

  /**
   * Counts one that begins.
   * @returns a function to call once when it ends. One that was not done tells nothing about how long the work takes
   */
  begin(): (outcome?: Outcome) => void {
    this.isAlone = this.underWay === 0;
    this.underWay++;
    const begun = this.now();
    return (outcome = 'done') => {
      this.underWay--;
      if (outcome === 'done') this.learn(this.now() - begun);
    };
  }

  private isMeasurementDue(): boolean {
    return this.now() - this.measuredAt > MEASURE_EVERY_MS;
  }

  private learn(tookMs: number): void {
    if (this.isAlone) {
      this.alone.push(tookMs);
      if (this.alone.length > MEASUREMENTS) this.alone.shift();
      this.measuredAt = this.now();
      return;
    }
    const alone = this.alone.toSorted((a, b) => a - b)[Math.floor(this.alone.length / 2)] ?? Infinity;
    const step = tookMs > SLOWDOWN * alone ? -BACK_OFF : 1;
    this.limit = Math.min(HIGHEST_LIMIT, Math.max(1, this.limit + step / this.limit));
  }
}
