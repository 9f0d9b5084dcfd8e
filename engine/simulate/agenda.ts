/** What is going to happen, in order of time; at the same moment in the order it was planned. */
export class Agenda<Item> {
  private readonly entries: { readonly at: number; readonly item: Item }[] = [];

  /** When the next thing happens, epoch milliseconds; null when nothing is planned. */
  get next(): number | null {
    return this.entries.at(-1)?.at ?? null;
  }

  /** Plans something. */
  add(at: number, item: Item): void {
    // The next is the last: most of what is planned comes soon, and is taken from the end.
    const index = this.entries.findLastIndex((entry) => entry.at > at) + 1;
    this.entries.splice(index, 0, { at, item });
  }

  /** Takes the next thing off; undefined when nothing is planned. */
  take(): Item | undefined {
    return this.entries.pop()?.item;
  }

  /** Forgets everything. */
  clear(): void {
    this.entries.length = 0;
  }
}
