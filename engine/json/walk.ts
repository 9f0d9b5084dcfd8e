import type { Path } from '../authoring/json-fields';
import { stepJson, type DefinedStep, type StepForm } from '../replay/steps';

/** A step and its place in the definition. */
export interface Placed {
  readonly step: DefinedStep;
  readonly path: Path;
}

/** All steps of a definition, each before those of its branches. */
export function placedSteps(steps: readonly StepForm[], path: Path = ['steps']): Placed[] {
  return steps.flatMap((form, index) => {
    // The schema of a branch allows nothing else.
    const step = form as DefinedStep;
    const at = [...path, index];
    const branches = stepJson(step)?.branches?.(step) ?? [];
    return [
      { step, path: at },
      ...branches.flatMap(({ steps: inner, path: key }) => placedSteps(inner, [...at, ...key])),
    ];
  });
}
