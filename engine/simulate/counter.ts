/** A kind of row, and how often it was met. */
export type Counted<Row> = Row & { readonly count: number };

/** The sums of a counter as they go from one thread to another. */
export type Sums = readonly (readonly [key: string, count: number])[];

/**
 * Counts rows of plain data that are alike. It makes no difference in how many parts, and in what order, they are counted.
 */
export class Counter<Row extends object> {
  private readonly counts = new Map<string, number>();

  add(row: Row, times = 1): void {
    this.sum(JSON.stringify(row), times);
  }

  /** Adds what another has counted. */
  merge(sums: Sums): void {
    for (const [key, count] of sums) this.sum(key, count);
  }

  sums(): Sums {
    return [...this.counts];
  }

  /** Every kind of row, the most frequent first. */
  rows(): Counted<Row>[] {
    return [...this.counts]
      .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
      .map(([key, count]) => ({ ...(JSON.parse(key) as Row), count }));
  }

  private sum(key: string, times: number): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + times);
  }
}

/** How often rows were met together. */
export function sum(rows: readonly { readonly count: number }[]): number {
  return rows.reduce((all, { count }) => all + count, 0);
}
