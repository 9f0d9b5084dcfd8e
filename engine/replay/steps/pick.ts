import type { Facts, PickOptions } from '../../authoring/journey';
import { literalResults } from '../../authoring/literals';
import type { Json } from '../../model/json';
import type { StepContext } from '../context';
import { branchesOf } from './branches';
import { evaluate, exampleFacts } from './facts';
import { possibleValues } from './possible-values';
import { instant, type Done, type StepCall, type StepType } from './step-type';

/**
 * Picks a JSON value, once.
 * @throws {TypeError} when `among` is empty
 */
function pick<Value extends Json>(
  decide: (facts: Facts) => Value,
  { among }: PickOptions<Value> = {},
): StepCall<Value> {
  if (among?.length === 0) throw new TypeError('pick: `among` is empty. Expected every value that it may pick.');
  const run = (context: StepContext): Done => {
    const done = evaluate(context, decide, () => 'picked');
    requireAmong(among, done.outcome);
    return done;
  };
  const call = {
    kind: 'pick',
    text: '',
    ...(!among && readsClock(decide) && { dependsOn: 'time of day' }),
    decides: decide,
    skip: run,
    answer: (outcome) => outcome as Value,
    branches: (traits) => {
      if (among) return branchesOf(among);
      const picked = decide(exampleFacts(traits));
      return branchesOf([picked, ...literalResults(decide).values]);
    },
    furtherBranches: (traits) => {
      const facts = exampleFacts(traits);
      const values: readonly (Json | undefined)[] = among ?? possibleValues(decide, facts, decide(facts));
      // Whoever lacks a trait may get undefined, which no pick may return.
      return branchesOf(values.filter((value) => value !== undefined));
    },
  } satisfies Omit<StepCall<Value>, 'progress'>;
  return instant(call, run);
}

function requireAmong(among: readonly Json[] | undefined, picked: Json): void {
  // The error shows in the Temporal UI, so it does not repeat the value.
  if (!among || among.some((value) => isSame(value, picked))) return;
  const what = kindOf(picked);
  const hint =
    what === 'undefined' ? ' If it reads a trait, the user has none: `traits.ts` has the traits of the example.' : '';
  throw new TypeError(`pick: picked a value that \`among\` does not have: ${what}.${hint}`);
}

/** The type of a value, in words. */
function kindOf(value: Json | undefined): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value === undefined) return 'undefined';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Does the function read `local`? `explore` may then find other values at another time of day. */
function readsClock(decide: (facts: Facts) => Json): boolean {
  return /\blocal\b/.test(String(decide));
}

function isSame(value: Json, other: Json): boolean {
  return JSON.stringify(value) === JSON.stringify(other);
}

export const PICK: StepType<'pick', never> = {
  kind: 'pick',
  bind: (perform) => (step, decide, options) => perform(step, () => pick(decide, options)),
  tells: (outcome) => outcome,
  figure: null,
  label: (_, chosen) => chosen?.label ?? '',
  steer:
    (j, pilot) =>
    async <Value extends Json>(step: string, decide: (facts: Facts) => Value, { among }: PickOptions<Value> = {}) => {
      const value = await j.pick(step, (facts) => {
        const picked = pilot.decided(step, decide, facts);
        requireAmong(among, picked);
        const branches = branchesOf(
          among ?? [...possibleValues(decide, facts, picked), ...pilot.picksByHistory(decide, facts)],
        );
        const label = pilot.choose(
          step,
          branches.map(([each]) => each),
        );
        return branches.find(([each]) => each === label)?.[1] as Value;
      });
      if (!among && !literalResults(decide).complete) pilot.guesses(step, value);
      return value;
    },
  json: null,
};
