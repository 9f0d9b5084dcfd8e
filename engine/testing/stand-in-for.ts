import { getOwn } from '../model/own-property';
import type { StandIn } from './answer-calls';
import type { TravellerOptions } from './traveller-options';

/**
 * The stand-in for a call; null if calls are really made.
 * @throws {Error} when there are stand-ins, but none for this step
 */
export function standInFor(calls: TravellerOptions['calls'], step: string): StandIn | null {
  if (!calls) return null;
  const found = getOwn(calls, step);
  if (!found) throw new Error(`The call '${step}' has no stand-in. Expected calls: { '${step}': async () => … }.`);
  return { work: async (context) => found(context), takesMs: found.takesMs ?? 0 };
}
