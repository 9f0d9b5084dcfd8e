const SAMPLES = 3;

/** How often something was met, and ids of some of the users it was met with. */
export type Tallied<Row> = Row & { readonly count: number; readonly samples: readonly string[] };

/** Counts rows of plain data that are alike, in memory that grows with the kinds of rows only. */
export class Tally<Row extends object> {
  private readonly entries = new Map<string, { readonly row: Row; count: number; readonly samples: string[] }>();

  /** Counts a row met with a user. */
  add(user: string, row: Row): void {
    const key = JSON.stringify(row);
    const entry = this.entries.get(key) ?? { row, count: 0, samples: [] };
    entry.count++;
    if (entry.samples.length < SAMPLES && !entry.samples.includes(user)) entry.samples.push(user);
    this.entries.set(key, entry);
  }

  /** Every kind of row, the most frequent first; in the same order whatever the order of counting. */
  rows(): Tallied<Row>[] {
    return [...this.entries]
      .sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1))
      .map(([, { row, count, samples }]) => ({ ...row, count, samples }));
  }
}
