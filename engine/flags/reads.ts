import { asComparison, type Test } from '../authoring/filter';
import type { Json } from '../model/json';
import type { FlagDefinitions } from './evaluate';

/** What can change the value of a flag, beside a journey that sets it. */
export interface FlagReads {
  readonly stage: boolean;
  /** The traits that rules read, each with the name before the first dot, too. */
  readonly traits: ReadonlySet<string>;
}

/** Says what the rules of all flags read, so that no other change of a user is looked at. */
export function flagReads({ flags }: Pick<FlagDefinitions, 'flags'>): FlagReads {
  const conditions = Object.values(flags?.byName ?? {}).flatMap(({ rules = [] }) => rules.map(({ when = {} }) => when));
  const paths = conditions.flatMap(({ traits = {} }) => Object.keys(traits));
  return {
    stage: conditions.some(({ stage }) => stage !== undefined),
    traits: new Set(paths.flatMap((path) => [path, path.split('.', 1)[0] ?? path])),
  };
}

/** The stages named by rules to which no rule of the lifecycle leads, as sentences that name the flag. Such a rule is a misspelling. */
export function unknownStages({ flags, lifecycle }: FlagDefinitions): string[] {
  const known = new Set([lifecycle.initial, ...lifecycle.rules.map(({ to }) => to)]);
  return Object.entries(flags?.byName ?? {}).flatMap(([name, { rules = [] }]) =>
    rules.flatMap(({ when }, index) =>
      stagesIn(when?.stage)
        .filter((stage) => !known.has(stage))
        .map((stage) => `flag '${name}', rules[${index}]: no rule of the lifecycle leads to the stage '${stage}'`),
    ),
  );
}

/** The stages that a test names. Every other comparison than `not` is about something else than a stage. */
function stagesIn(test: Test<string> = []): readonly string[] {
  const comparison = asComparison(test);
  const named = (comparison ? (comparison.not ?? []) : test) as Json;
  return [named].flat().filter((one) => typeof one === 'string');
}
