/** Planned items in order of time. Items planned for the same moment keep the order in which they were added. */
export class Agenda<Item> {
  private readonly entries: { readonly at: number; readonly item: Item }[] = [];

  /** The time of the next item, epoch milliseconds; null when nothing is planned. */
  get next(): number | null {
    return this.entries.at(-1)?.at ?? null;
  }

  /**
   * Plans an item.
   * @param at epoch milliseconds
   */
  add(at: number, item: Item): void {
    // The next item is last in the list. Most items are planned for soon, so both adding and taking work near the end.
    const index = this.entries.findLastIndex((entry) => entry.at > at) + 1;
    this.entries.splice(index, 0, { at, item });
  }

  /**
   * Removes the next item and returns it.
   * @returns undefined when nothing is planned
   */
  take(): Item | undefined {
    return this.entries.pop()?.item;
  }

  /** Removes all items. */
  clear(): void {
    this.entries.length = 0;
  }
}
