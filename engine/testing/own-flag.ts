import { evaluateFlag } from '../flags/evaluate';
import type { Json, JsonObject } from '../model/json';
import type { UserState } from '../model/state';
import { NO_STAGES } from './no-stages';
import type { TravellerOptions } from './traveller-options';

/** The traits with which the person of a test sets out. */
export function ownTraits({ timezone, traits = {} }: TravellerOptions): JsonObject {
  return { ...(timezone === undefined ? {} : { timezone }), ...traits };
}

/**
 * The value of a flag for the person of a test.
 * @param state null before anything has happened to them
 */
export function ownFlag(
  name: string,
  id: string,
  state: Pick<UserState, 'memory' | 'traits'> | null,
  options: TravellerOptions,
): Json | undefined {
  const { lifecycle: stages = NO_STAGES, flags } = options.with ?? {};
  const { memory, traits } = state ?? { memory: null, traits: ownTraits(options) };
  const { assignedAs = null, stage = '', flags: set = {} } = memory ?? {};
  return evaluateFlag({ flags, lifecycle: stages }, name, { id, assignedAs, stage, traits, flags: set })?.value;
}
