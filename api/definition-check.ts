import { problemsOf, type JourneyProblem } from '../config/check';
import { toJourney } from '../engine/definition/compile';
import { mistakesIn } from '../engine/definition/mistakes';
import { journeyDefinition, type JourneyDefinition } from '../engine/definition/schema';
import { placedSteps } from '../engine/definition/walk';
import { compile, type Definitions } from '../engine/definitions';
import type { Journey } from '../engine/journey';
import type { JsonObject } from '../engine/json';
import type { Outline } from '../engine/outline';
import type { ApiDeps } from './deps';
import { pointerTo, type FieldError } from './pointer';
import { storableJson } from './segment/storable';

/** Far above what a person can write, far below what a request may be. */
const MAX_BYTES = 256 * 1024;

/** A definition that can run, with what was made of it. */
export interface FitDefinition {
  readonly definition: JourneyDefinition;
  /** As it is stored: what was given, without what the database can't hold. */
  readonly json: JsonObject;
  readonly journey: Journey;
  readonly outline: Outline;
}

type Checked = { readonly fit: FitDefinition } | { readonly errors: readonly FieldError[] };

/**
 * Checks a definition as far as it can be before anyone enters: its shape, the names it uses, every path through it and every
 * template on them.
 */
export async function checkDefinition(
  { definitions, catalogue, checkTemplate }: Pick<ApiDeps, 'definitions' | 'catalogue' | 'checkTemplate'>,
  id: string,
  given: JsonObject,
): Promise<Checked> {
  const storable = storableJson(given, MAX_BYTES);
  if ('problem' in storable) return { errors: [{ pointer: '', detail: storable.problem }] };
  const { data: definition, error } = journeyDefinition.safeParse(JSON.parse(storable.text));
  if (!definition) return { errors: error.issues.map(({ path, message }) => at(path, message)) };
  const events = new Map(catalogue.map((event) => [event.name, event]));
  const mistakes = mistakesIn(definition, events);
  if (mistakes.length > 0) return { errors: mistakes.map(({ path, message }) => at(path, message)) };

  const journey = toJourney(id, definition, events);
  const alone = await compile({ ...definitions.current, journeys: [journey] });
  const problems = await problemsOf(alone, journey, checkTemplate);
  const outline = outlineOf(alone, id);
  const errors = [
    ...problems.map((problem) => at(pathOf(definition, problem), problem.text)),
    ...(outline.truncated ? [at(['steps'], `has more than ${outline.paths} paths: make several journeys of it`)] : []),
  ];
  // Parsed: durations and names as the schema left them.
  return errors.length > 0 ? { errors } : { fit: { definition, json: definition as JsonObject, journey, outline } };
}

/** The outline of a journey that was compiled. */
export function outlineOf({ outlines }: Definitions, id: string): Outline {
  const outline = outlines.get(id);
  if (!outline) throw new Error(`The journey ${id} was not compiled.`);
  return outline;
}

function at(path: readonly PropertyKey[], detail: string): FieldError {
  return { pointer: pointerTo('', path), detail };
}

/** Where in a definition a problem is: the template of a channel, a step, or how it is entered. */
function pathOf({ steps }: JourneyDefinition, { step, channel }: JourneyProblem): readonly PropertyKey[] {
  if (step === null) return ['enter'];
  const placed = placedSteps(steps).find((one) => one.step.step === step);
  if (!placed) return ['steps'];
  const messages = placed.step.kind === 'send' ? placed.step.messages : [];
  const index = messages.findIndex((message) => message.channel === channel);
  return index < 0 ? placed.path : [...placed.path, 'messages', index, 'template'];
}
