import type { Journey } from '../authoring/journey';
import type { Definitions } from '../definitions/definitions';
import { endlessCycles } from '../outline/cycles';
import { outline } from '../outline/outline';
import type { Defect } from './exploration';

/**
 * Finds out whether a journey and others lead to one another without end.
 * @param compiled the definitions with this journey alone
 * @param journeys all journeys, as far as they are known
 */
export async function cycleOf(
  journey: Journey,
  { outlines, traits }: Definitions,
  journeys: readonly Journey[] = [],
): Promise<Defect[]> {
  // Most journeys lead to no other one, and the others are then of no interest.
  if ((outlines.get(journey.id)?.leadsTo ?? []).length === 0) return [];
  const others = journeys.filter(({ id }) => id !== journey.id);
  const all = new Map(outlines);
  for (const other of others) all.set(other.id, await outline(other, traits));
  const text = endlessCycles({ journeys: [...others, journey], outlines: all }).get(journey.id);
  return text === undefined ? [] : [{ kind: 'endless cycle', step: null, text, path: null }];
}
