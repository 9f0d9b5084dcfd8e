/** How often something is looked for. Real milliseconds. */
export interface Pace {
  /** Once nobody was found, this long until the next look. */
  readonly everyMs: number;
  /** As long as nobody is found it takes twice as long each time, up to this. */
  readonly seldomMs: number;
}

/** When each search is due. */
export class SearchTimes<Search extends Pace> {
  private readonly rests = new Map<Search, { readonly since: number; readonly restMs: number }>();

  /** Is it time for a search? Real milliseconds. */
  isDue(search: Search, now: number): boolean {
    const rest = this.rests.get(search);
    // What was seldom may have become frequent meanwhile.
    return !rest || now >= rest.since + Math.min(rest.restMs, search.seldomMs);
  }

  /** Whoever was found, there may be more of them at once; where nobody was, nobody soon. */
  searched(search: Search, now: number, found: number): void {
    if (found > 0) this.rests.delete(search);
    else {
      const before = this.rests.get(search)?.restMs;
      const restMs = before === undefined ? search.everyMs : Math.min(2 * before, search.seldomMs);
      this.rests.set(search, { since: now, restMs });
    }
  }

  /** Everything has changed: all searches are due. */
  clear(): void {
    this.rests.clear();
  }
}
