import type { StepKind } from '../state';
import type { Path, PathEnd } from './path';

/** A step and what can follow it. */
export interface TreeStep {
  readonly step: string;
  readonly kind: StepKind;
  readonly ways: readonly TreeWay[];
}

/** An outcome of a step, empty where there is but one, and what follows. */
export interface TreeWay {
  readonly outcome: string;
  readonly next: TreeStep | TreeEnd;
}

/** The end of a path. */
export interface TreeEnd {
  readonly end: PathEnd;
  readonly reason: string;
}

interface GrowingStep {
  readonly step: string;
  readonly kind: StepKind;
  readonly ways: Map<string, { readonly outcome: string; readonly next: GrowingStep | TreeEnd }>;
}

/** All paths as one tree. Paths of several walks that are the same are there once. */
export class PathTree {
  /** How many different paths there are. */
  size = 0;
  private readonly root: GrowingStep = { step: '', kind: 'exit', ways: new Map() };

  /** Adds a path. Answers whether it is a new one. */
  add({ steps, end, reason }: Path): boolean {
    let at = this.root;
    let outcome = '';
    for (const { step, kind, outcome: following } of steps) {
      const key = JSON.stringify([outcome, step]);
      const known = at.ways.get(key)?.next;
      const next: GrowingStep = known && 'ways' in known ? known : { step, kind, ways: new Map() };
      if (!known) at.ways.set(key, { outcome, next });
      at = next;
      outcome = following;
    }
    const key = JSON.stringify([outcome, end, reason, 'end']);
    if (at.ways.has(key)) return false;
    at.ways.set(key, { outcome, next: { end, reason } });
    this.size++;
    return true;
  }

  /** The tree as plain data: what follows the entry. */
  get ways(): readonly TreeWay[] {
    return plain(this.root).ways;
  }
}

function plain({ step, kind, ways }: GrowingStep): TreeStep {
  return {
    step,
    kind,
    ways: [...ways.values()].map(({ outcome, next }) => ({ outcome, next: 'ways' in next ? plain(next) : next })),
  };
}
