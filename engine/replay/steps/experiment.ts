import { z } from 'zod';
import { fields } from '../../authoring/fields';
import { name, repeated, stepName } from '../../authoring/json-fields';
import { fraction } from '../../model/ids';
import { byWeight } from '../../model/weighted';
import type { StepContext } from '../context';
import { instant, type Done, type StepCall, type StepForm, type StepType } from './step-type';

/**
 * Assigns a variant by weight. Each weight is an interval of their sum, and the user's fraction for this journey and step falls
 * into one of them. The fraction depends on the id at the user's first experiment, so a login changes no variant.
 * @throws {TypeError} when no weight is positive
 */
function experiment<Variant extends string>(weights: Readonly<Record<Variant, number>>): StepCall<Variant> {
  const variants = Object.entries<number>(weights) as [Variant, number][];
  const first = byWeight(variants, 0);
  if (first === undefined) throw new TypeError('experiment: at least one weight must be positive.');
  const assign = ({ draft, journey, step }: StepContext): Variant => {
    const assignedAs = (draft.memory.assignedAs ??= draft.id);
    return byWeight(variants, fraction(assignedAs, journey.id, step)) ?? first;
  };
  const run = (context: StepContext): Done => ({
    outcome: assign(context),
    reason: 'assigned by weight',
    facts: { weights: { ...weights } },
  });
  const names = Object.keys(weights);
  const call = {
    kind: 'experiment',
    text: names.join(', '),
    skip: run,
    answer: (outcome) => (typeof outcome === 'string' ? (outcome as Variant) : first),
    branches: () => names.map((variant) => [variant, variant]),
  } satisfies Omit<StepCall<Variant>, 'progress'>;
  return instant(call, run);
}

export interface ExperimentForm extends StepForm {
  readonly kind: 'experiment';
  readonly variants: readonly {
    readonly name: string;
    readonly weight: number;
    readonly steps?: readonly StepForm[];
  }[];
}

export const EXPERIMENT: StepType<'experiment', ExperimentForm> = {
  kind: 'experiment',
  bind: (perform) => (step, weights) => perform(step, () => experiment(weights)),
  tells: (outcome) => outcome,
  figure: 'outcome',
  label: ({ outcome }) => (typeof outcome === 'string' ? outcome : ''),
  steer:
    (j, pilot) =>
    <Variant extends string>(step: string, weights: Readonly<Record<Variant, number>>) => {
      const variants = (Object.keys(weights) as Variant[]).filter((variant) => weights[variant] > 0);
      const chosen = variants.length > 1 ? pilot.choose(step, variants) : variants[0];
      return j.experiment(step, chosen === undefined ? weights : ({ [chosen]: 1 } as Record<Variant, number>));
    },
  json: {
    schema: (steps) =>
      fields({
        kind: z.literal('experiment').meta({ description: 'Assigns the user to a variant by chance, once' }),
        step: stepName,
        variants: z
          .array(
            fields({
              name: name.meta({
                description: 'The name of the variant, unique within the step. It may not consist of digits only',
              }),
              weight: z
                .number()
                .positive()
                .max(1_000_000)
                .meta({ description: 'The share of the users who get it, relative to the other weights' }),
              steps: steps.exactOptional().meta({ description: 'The steps of the users who get it' }),
            }),
          )
          .min(2)
          .max(20)
          .meta({ description: 'Their order is part of the assignment: add new ones at the end' }),
      }),
    async play({ step, variants }, j) {
      const assigned = await j.experiment(step, Object.fromEntries(variants.map((one) => [one.name, one.weight])));
      return variants.find((one) => one.name === assigned)?.steps ?? [];
    },
    branches: ({ variants }) =>
      variants.map(({ steps = [] }, index) => ({ steps, path: ['variants', index, 'steps'] })),
    mistakes: ({ variants }) => repeated(variants, (one) => one.name, ['variants'], 'name'),
    // Variants become the keys of an object, which puts whole numbers first. The experiment would assign in another order.
    newMistakes: ({ variants }) =>
      variants.flatMap((one, index) =>
        /^\d+$/.test(one.name)
          ? [{ path: ['variants', index, 'name'], message: `'${one.name}' must not consist of digits only.` }]
          : [],
      ),
  },
};
