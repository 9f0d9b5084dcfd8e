import type { DefinedStep } from './schema';

/** Where in a definition something is: the keys that lead there. */
export type Path = readonly (string | number)[];

/** A step and where it is. */
export interface Placed {
  readonly step: DefinedStep;
  readonly path: Path;
}

/** All steps of a definition, each before those of its branches. */
export function placedSteps(steps: readonly DefinedStep[], path: Path = ['steps']): Placed[] {
  return steps.flatMap((step, index) => {
    const at = [...path, index];
    return [
      { step, path: at },
      ...branchesOf(step).flatMap(({ steps: inner, key }) => placedSteps(inner, [...at, ...key])),
    ];
  });
}

function branchesOf(step: DefinedStep): { readonly steps: readonly DefinedStep[]; readonly key: Path }[] {
  if (step.kind === 'experiment')
    return step.variants.map(({ steps = [] }, index) => ({ steps, key: ['variants', index, 'steps'] }));
  if (step.kind !== 'waitFor' && step.kind !== 'check') return [];
  const { then = [], otherwise = [] } = step;
  return [
    { steps: then, key: ['then'] },
    { steps: otherwise, key: ['otherwise'] },
  ];
}
