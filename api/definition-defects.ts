import { placedSteps } from '../engine/json/walk';
import { stepJson } from '../engine/replay/steps';
import type { JourneyDefinition } from '../engine/json/schema';
import type { Definitions } from '../engine/definitions/definitions';
import { explore, type Defect, type Exploration } from '../engine/explore';
import type { Journey } from '../engine/authoring/journey';
import type { CheckTemplate } from '../engine/definitions/template-use';
import { breather } from './breather';
import { pointerTo, type FieldError } from './pointer';

/** How far a definition is explored, which takes ten seconds at most. Most journeys have fewer than a hundred paths. */
const BOUNDS = { maxPaths: 1_000, maxRests: 2_000 } as const;

/** The exploration queued last, for any request. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Explores every path of a journey, as `sojourn explore` does, without blocking the process: explorations run one at a time, and
 * yield to other requests.
 */
export function exploreAside(
  journey: Journey,
  definitions: Definitions,
  checkTemplate: CheckTemplate,
): Promise<Exploration> {
  const next = last.then(() => explore(journey, { with: definitions, checkTemplate, ...BOUNDS, breathe: breather() }));
  last = next.catch(() => undefined);
  return next;
}

/** Converts defects to field errors, each with its place in the definition. */
export function defectErrors(definition: JourneyDefinition, defects: readonly Defect[]): FieldError[] {
  return defects.map((defect) => ({
    pointer: pointerTo('', placeOf(definition, defect)),
    detail: [defect.kind, defect.text, ...(defect.path === null ? [] : [`on the path ${defect.path}`])].join(': '),
  }));
}

function placeOf(definition: JourneyDefinition, { kind, step, option, channel }: Defect): readonly PropertyKey[] {
  if (kind === 'budget') return ['budget'];
  if (option) return [option];
  const place = placeOfStep(definition, step, channel);
  return kind === 'endless wait' ? [...place, 'within'] : place;
}

/** The path of a step in a definition, or of the template that the step sends on a channel. */
export function placeOfStep(
  { steps }: JourneyDefinition,
  step: string | null,
  channel: Defect['channel'] | null,
): readonly PropertyKey[] {
  const placed = placedSteps(steps).find((one) => one.step.step === step);
  if (!placed) return ['steps'];
  const template = channel ? stepJson(placed.step)?.template?.(placed.step, channel) : null;
  return [...placed.path, ...(template ?? [])];
}
