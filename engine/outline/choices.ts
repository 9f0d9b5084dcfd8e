/** Walks all paths through a tree of choices, in depth-first order. */
export class ChoiceTree {
  private path: { chosen: number; readonly options: number }[] = [];
  private depth = 0;

  /** Makes the next choice of the current path. Returns the index of the chosen option. */
  choose(options: number): number {
    const index = this.depth++;
    const choice = (this.path[index] ??= { chosen: 0, options });
    return choice.chosen;
  }

  /** Goes on to the next path. Returns false when all paths have been walked. */
  next(): boolean {
    this.path.length = this.depth;
    this.depth = 0;
    while (this.path.length > 0) {
      const last = this.path.at(-1);
      if (last && ++last.chosen < last.options) return true;
      this.path.pop();
    }
    return false;
  }
}
