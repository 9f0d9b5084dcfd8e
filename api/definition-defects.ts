import { setImmediate } from 'node:timers/promises';
import { placedSteps } from '../engine/json/walk';
import { stepJson } from '../engine/replay/steps';
import type { JourneyDefinition } from '../engine/json/schema';
import type { Definitions } from '../engine/definitions/definitions';
import { explore, type Defect, type Exploration } from '../engine/explore';
import type { Journey } from '../engine/authoring/journey';
import type { CheckTemplate } from '../engine/definitions/template-use';
import { pointerTo, type FieldError } from './pointer';

/** As far a definition is walked: most journeys have fewer than a hundred paths. It takes ten seconds at most. */
const BOUNDS = { maxPaths: 1_000, maxRests: 2_000 } as const;
/** Other requests wait no longer than this while paths are walked. Real milliseconds. */
const HELD_MS = 10;

/** The exploration before, whoever asked for it. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Walks every path of a journey, as `sojourn explore` does, beside whatever else the process does: explorations take turns, and
 * let others work in between.
 */
export function exploreAside(
  journey: Journey,
  definitions: Definitions,
  checkTemplate: CheckTemplate,
): Promise<Exploration> {
  const next = turn.then(() => explore(journey, { with: definitions, checkTemplate, ...BOUNDS, breathe: breather() }));
  turn = next.catch(() => undefined);
  return next;
}

/** Lets the event loop turn as soon as it was held for long enough. */
function breather(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < HELD_MS) return;
    await setImmediate();
    since = performance.now();
  };
}

/** The defects of a definition, each with its place. */
export function defectErrors(definition: JourneyDefinition, defects: readonly Defect[]): FieldError[] {
  return defects.map((defect) => ({
    pointer: pointerTo('', placeOf(definition, defect)),
    detail: [defect.kind, defect.text, ...(defect.path === null ? [] : [`on the path ${defect.path}`])].join(': '),
  }));
}

function placeOf(definition: JourneyDefinition, { kind, step, channel }: Defect): readonly PropertyKey[] {
  if (kind === 'budget') return ['budget'];
  if (kind === 'end without goal') return ['goal'];
  const place = placeOfStep(definition, step, channel);
  return kind === 'endless wait' ? [...place, 'within'] : place;
}

/** Where a step is in a definition, or the template of one of its channels. */
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
