/** How often a search runs. Real milliseconds. */
export interface Pace {
  /** Pause after the first search that finds nobody. */
  readonly everyMs: number;
  /** Longest pause. The pause doubles while searches find nobody. */
  readonly seldomMs: number;
}

/** A search that finds nobody pauses this many times as long as it took: all of them must not keep the database busy. */
const PAUSE_FOR_TIME = 20;

interface Rest {
  readonly since: number;
  /** The pause asked for. It doubles. */
  readonly restMs: number;
  /** The pause at least. */
  readonly leastMs: number;
}

/** Keeps track of when each search is due. */
export class SearchTimes<Search extends Pace> {
  private readonly rests = new Map<Search, Rest>();

  /** True when a search is due. `now` is of the process's steady clock, in milliseconds. */
  isDue(search: Search, now: number): boolean {
    const rest = this.rests.get(search);
    // `seldomMs` may have become shorter since.
    return !rest || now >= rest.since + Math.max(Math.min(rest.restMs, search.seldomMs), rest.leastMs);
  }

  /**
   * Records a search. One that found users is due again at once, since there may be more; any other pauses.
   * @param tookMs how long it took, real milliseconds
   */
  searched(search: Search, now: number, found: number, tookMs: number): void {
    if (found > 0) this.rests.delete(search);
    else {
      const before = this.rests.get(search)?.restMs;
      const restMs = before === undefined ? search.everyMs : Math.min(2 * before, search.seldomMs);
      this.rests.set(search, { since: now, restMs, leastMs: PAUSE_FOR_TIME * tookMs });
    }
  }

  /** Makes all searches due. */
  clear(): void {
    this.rests.clear();
  }
}
