/** A row, and how often it was counted. */
export type Counted<Row> = Row & { readonly count: number };

/** The sums of a counter, in the form that is passed between threads. */
export type Sums = readonly (readonly [key: string, count: number])[];

/** Counts equal rows of plain data. The result does not depend on the order of counting, or on a split into parts. */
export class Counter<Row extends object> {
  private readonly counts = new Map<string, number>();

  /** Counts a row. */
  add(row: Row, times = 1): void {
    this.sum(JSON.stringify(row), times);
  }

  /** Adds the sums of another counter. */
  merge(sums: Sums): void {
    for (const [key, count] of sums) this.sum(key, count);
  }

  /** The sums so far. */
  sums(): Sums {
    return [...this.counts];
  }

  /** All different rows, the most frequent first. */
  rows(): Counted<Row>[] {
    return [...this.counts]
      .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
      .map(([key, count]) => ({ ...(JSON.parse(key) as Row), count }));
  }

  private sum(key: string, times: number): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + times);
  }
}

/** The total count of the rows. */
export function sum(rows: readonly { readonly count: number }[]): number {
  return rows.reduce((all, { count }) => all + count, 0);
}
