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

/** Chooses so that each outcome of each step is taken on some path, while a tree has too many paths to walk them all. */
export class OutcomeCover {
  private readonly known = new Set<string>();
  private readonly beginnings: (readonly number[])[] = [];
  private path: number[] = [];
  private depth = 0;

  /** Makes the next choice of the current path. Returns the index of the chosen option. */
  choose(options: number, step: string): number {
    const before = this.path.slice(0, this.depth);
    const chosen = (this.path[this.depth++] ??= 0);
    for (let option = 0; option < options; option++) {
      const outcome = JSON.stringify([step, option]);
      if (this.known.has(outcome)) continue;
      this.known.add(outcome);
      if (option !== chosen) this.beginnings.push([...before, option]);
    }
    return chosen;
  }

  /** Goes on to the next path. Returns false when each outcome has been taken. */
  next(): boolean {
    const beginning = this.beginnings.shift();
    this.path = [...(beginning ?? [])];
    this.depth = 0;
    return beginning !== undefined;
  }
}
