import type { StepKind } from '../model/state';
import type { Path, PathEnd } from './path';

/** A step and what can follow it. */
export interface TreeStep {
  readonly step: string;
  readonly kind: StepKind;
  readonly text: string;
  readonly ways: readonly TreeWay[];
}

/** An outcome of a step, and what follows. The outcome is '' where there is only one. */
export interface TreeWay {
  readonly outcome: string;
  readonly next: TreeStep | TreeEnd;
}

/** The end of a path. */
export interface TreeEnd {
  readonly end: PathEnd;
  readonly reason: string;
  readonly reachedGoal: boolean;
}

interface GrowingStep extends Omit<TreeStep, 'ways'> {
  readonly ways: Map<string, { readonly outcome: string; readonly next: GrowingStep | TreeEnd }>;
}

/** All paths as one tree. Equal paths of different walks are kept once. */
export class PathTree {
  /** The number of different paths. */
  size = 0;
  private readonly root: GrowingStep = { step: '', kind: 'exit', text: '', ways: new Map() };

  /**
   * Adds a path.
   * @returns false when the tree has it already
   */
  add({ entry, steps, end, reason, reachedGoal }: Path): boolean {
    let at = this.root;
    let outcome = entry;
    for (const { step, kind, text, outcome: following } of steps) {
      const key = `${outcome}\n${step}\n${text}`;
      const known = at.ways.get(key)?.next;
      const next: GrowingStep = known && 'ways' in known ? known : { step, kind, text, ways: new Map() };
      if (!known) at.ways.set(key, { outcome, next });
      at = next;
      outcome = following;
    }
    const key = `${outcome}\n${end}\n${reason}\n${String(reachedGoal)}`;
    if (at.ways.has(key)) return false;
    at.ways.set(key, { outcome, next: { end, reason, reachedGoal } });
    this.size++;
    return true;
  }

  /** The tree as plain data: everything that can follow the entry. */
  get ways(): readonly TreeWay[] {
    return plain(this.root).ways;
  }
}

function plain({ ways, ...step }: GrowingStep): TreeStep {
  return {
    ...step,
    ways: [...ways.values()].map(({ outcome, next }) => ({ outcome, next: 'ways' in next ? plain(next) : next })),
  };
}
