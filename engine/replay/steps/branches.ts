import { jsonLabel, type Json } from '../../model/json';
import type { Branch } from './step-type';

/** The branches of a step with these outcomes, each once. A single one makes no difference and has no label. */
export function branchesOf(outcomes: readonly Json[]): readonly Branch[] {
  const labelled = new Map(outcomes.map((outcome) => [jsonLabel(outcome), outcome]));
  return labelled.size === 1 ? [['', outcomes[0] ?? null]] : [...labelled];
}
