import type { Definitions } from '../definitions/definitions';
import type { Journey } from '../authoring/journey';
import { declaredSteps } from '../outline/declared-steps';
import type { TravellerOptions } from './traveller-options';

/**
 * Refuses a stand-in for a call that no journey makes. A journey whose functions elsewhere call steps, or whose code can't be read, may
 * have calls by any name.
 * @throws {TypeError} when there is one
 */
export function checkStandIns(calls: TravellerOptions['calls'], { journeys, outlines }: Definitions): void {
  const given = Object.keys(calls ?? {});
  if (given.length === 0) return;
  const all = journeys.map((journey) => callsOf(journey, outlines));
  const unknown = given.find((step) => !all.some(({ mayBe }) => mayBe(step)));
  if (unknown === undefined) return;
  const known = [...new Set(all.flatMap(({ names }) => names))].map((name) => `'${name}'`);
  const expected = known.length === 0 ? 'no stand-ins: the journeys make no calls' : `calls of ${known.join(', ')}`;
  throw new TypeError(`calls: no journey makes the call '${unknown}'. Expected ${expected}.`);
}

interface Calls {
  readonly names: readonly string[];
  readonly mayBe: (step: string) => boolean;
}

function callsOf(journey: Journey, outlines: Definitions['outlines']): Calls {
  const { steps = [], truncated = true } = outlines.get(journey.id) ?? {};
  const declared = declaredSteps(journey);
  const fits = (name: string): boolean => declared.some(({ pattern }) => pattern.test(name));
  const isReadable = !truncated && steps.every(({ step }) => fits(step));
  const names = steps.filter(({ calls }) => calls === true).map(({ step }) => step);
  return {
    names,
    mayBe(name) {
      const found = steps.find(({ step }) => step === name);
      return found ? found.calls === true : !isReadable || fits(name);
    },
  };
}
