/** The outcomes chosen along one path, and which path comes next in depth-first order. */
export class ChoiceTree {
  private path: { chosen: number; readonly options: number }[] = [];
  private depth = 0;

  /** Takes the next decision of the present path. */
  choose(options: number): number {
    const index = this.depth++;
    const choice = (this.path[index] ??= { chosen: 0, options });
    return choice.chosen;
  }

  /** Turns to the next path; false when all have been walked. */
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
