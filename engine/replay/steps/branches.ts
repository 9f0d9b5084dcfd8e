import { jsonLabel, type Json } from '../../model/json';
import type { Branch } from './step-type';

/**
 * The branches of a step with these outcomes, each once. A single one makes no difference and has no label. Labels are cut off, so
 * those that would be the same are numbered.
 */
export function branchesOf(outcomes: readonly Json[]): readonly Branch[] {
  const different = [...new Map(outcomes.map((outcome) => [JSON.stringify(outcome), outcome])).values()];
  if (different.length === 1) return [['', outcomes[0] ?? null]];
  const seen = new Map<string, number>();
  return different.map((outcome) => {
    const label = jsonLabel(outcome);
    const times = (seen.get(label) ?? 0) + 1;
    seen.set(label, times);
    return [times === 1 ? label : `${label} (${times})`, outcome];
  });
}
