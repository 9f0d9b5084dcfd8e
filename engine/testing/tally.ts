const SAMPLES = 3;

/** A row, how often it was counted, and the ids of up to three of the users it was counted for. */
export type Tallied<Row> = Row & { readonly count: number; readonly samples: readonly string[] };

/** Counts equal rows of plain data. Memory grows only with the number of different rows. */
export class Tally<Row extends object> {
  private readonly entries = new Map<string, { readonly row: Row; count: number; readonly samples: string[] }>();

  /** Counts a row for a user. */
  add(user: string, row: Row): void {
    const key = JSON.stringify(row);
    const entry = this.entries.get(key) ?? { row, count: 0, samples: [] };
    entry.count++;
    if (entry.samples.length < SAMPLES && !entry.samples.includes(user)) entry.samples.push(user);
    this.entries.set(key, entry);
  }

  /** All different rows, the most frequent first. The order of rows does not depend on the order of counting. */
  rows(): Tallied<Row>[] {
    return [...this.entries]
      .sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1))
      .map(([, { row, count, samples }]) => ({ ...row, count, samples }));
  }
}
