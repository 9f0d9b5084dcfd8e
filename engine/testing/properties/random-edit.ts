import fc from 'fast-check';
import type { Duration } from '../../model/duration';
import { named, stepsInOrder, type Node, type Plan } from './plan';
import { durations, nodes, type Ingredients } from './random-journey';

/** A change of a journey's code. `place` is reduced modulo the number of places in the journey. */
export interface Edit {
  readonly kind: 'insert' | 'remove' | 'rename' | 'rename all' | 'retime' | 'replace';
  readonly place: number;
  readonly nodes: readonly Node[];
  readonly duration: Duration;
}

type Kinds = readonly [Edit['kind'], ...Edit['kind'][]];
export const EVERY_KIND: Kinds = ['insert', 'remove', 'rename', 'rename all', 'retime', 'replace'];

/** Random edits. The steps they add get names that no journey had before. */
export function edits(ingredients: Ingredients, [first, ...others]: Kinds = EVERY_KIND): fc.Arbitrary<Edit> {
  return fc.record({
    kind: fc.constantFrom(first, ...others),
    place: fc.nat(),
    nodes: nodes(ingredients).map((list) => list.slice(0, 2)),
    duration: durations,
  });
}

/** Makes an edit of one step. */
export function editOf(plan: Plan, kind: 'remove' | 'retime', step: string, duration: Duration = '0 minutes'): Edit {
  return { kind, place: stepsInOrder(plan.steps).indexOf(step), nodes: [], duration };
}

/**
 * Applies an edit to a plan.
 * @param count the number of the edit, which makes the names of its steps unique
 */
export function apply(plan: Plan, edit: Edit, count: number): Plan {
  return { ...plan, steps: change(plan.steps, { ...edit, nodes: named(edit.nodes, `e${count}-`) }, `e${count}`) };
}

function change(steps: readonly Node[], edit: Edit, name: string): readonly Node[] {
  const places = stepsInOrder(steps).length + (edit.kind === 'insert' ? 1 : 0);
  if (places === 0) return steps;
  let left = edit.place % places;
  const walk = (list: readonly Node[]): Node[] =>
    list.flatMap((node) => {
      const here = left-- === 0 || edit.kind === 'rename all';
      const inner = 'then' in node ? { ...node, then: walk(node.then), otherwise: walk(node.otherwise) } : node;
      return here ? changeNode(inner, edit, name) : [inner];
    });
  const changed = walk(steps);
  return left === 0 && edit.kind === 'insert' ? [...changed, ...edit.nodes] : changed;
}

function changeNode(node: Node, { kind, nodes: added, duration }: Edit, name: string): Node[] {
  switch (kind) {
    case 'insert':
      return [...added, node];
    case 'remove':
      return [];
    case 'rename':
      return [{ ...node, step: name }];
    case 'rename all':
      return [{ ...node, step: `${name}-${node.step}` }];
    case 'replace':
      return added.slice(0, 1).map((other) => ({ ...other, step: node.step }));
    case 'retime':
      if (node.kind === 'sleep') return [{ ...node, duration }];
      if (node.kind === 'waitFor') return [{ ...node, within: duration }];
      return [node];
  }
}
