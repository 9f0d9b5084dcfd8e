import { compile } from '../engine/outline/compile';
import { problemsOf, type JourneyProblem } from '../config/check';
import { toJourney } from '../engine/json/to-journey';
import { misfitsIn, mistakesIn } from '../engine/json/mistakes';
import { journeyDefinition, type JourneyDefinition } from '../engine/json/schema';
import { type Definitions } from '../engine/definitions/definitions';
import type { Defect, Exploration } from '../engine/explore';
import type { Journey } from '../engine/authoring/journey';
import type { JsonObject } from '../engine/model/json';
import { defectErrors, exploreAside, placeOfStep } from './definition-defects';
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
}

/** A definition without defects, and everything it can do. */
export interface FlawlessDefinition extends FitDefinition {
  readonly exploration: Exploration;
}

/** What was made of a definition, or what is wrong with it. */
export type Checked<Fit> = { readonly fit: Fit } | { readonly errors: readonly FieldError[] };
type Deps = Pick<ApiDeps, 'definitions' | 'catalogue' | 'checkTemplate'>;

/** Checks whether a definition can run: its shape, the names it uses, and the templates on every path through it. */
export async function checkDefinition(deps: Deps, id: string, given: JsonObject): Promise<Checked<FitDefinition>> {
  const made = await make(deps, id, given, misfitsIn);
  if ('errors' in made) return made;
  const errors = made.problems.map((problem) => errorOf(made.fit.definition, problem));
  return errors.length > 0 ? { errors } : made;
}

/** Checks a definition as far as it can be before anyone enters: whether it can run, and everything `explore --check` fails for. */
export async function checkThoroughly(deps: Deps, id: string, given: JsonObject): Promise<Checked<FlawlessDefinition>> {
  const made = await make(deps, id, given, mistakesIn);
  if ('errors' in made) return made;
  const { fit, alone, problems } = made;
  const errors = problems.map((problem) => errorOf(fit.definition, problem));
  // Nobody can walk through what can't be entered or runs into an error; a template stands in nobody's way.
  if (problems.some(({ channel }) => channel === null)) return { errors };
  const exploration = await exploreAside(fit.journey, alone, deps.checkTemplate);
  // Only templates have problems here. The exploration checks them too; each place is reported once.
  const isReported = ({ kind, step, channel }: Defect): boolean =>
    kind === 'template' && problems.some((problem) => problem.step === step && problem.channel === channel);
  const defects = exploration.defects.filter((defect) => !isReported(defect));
  errors.push(...defectErrors(fit.definition, defects));
  return errors.length > 0 ? { errors } : { fit: { ...fit, exploration } };
}

interface Made {
  readonly fit: FitDefinition;
  readonly alone: Definitions;
  readonly problems: readonly JourneyProblem[];
}

/** Makes a journey of a definition, and looks for what would keep it from running. */
async function make(
  { definitions, catalogue, checkTemplate }: Deps,
  id: string,
  given: JsonObject,
  look: typeof mistakesIn,
): Promise<Made | { readonly errors: readonly FieldError[] }> {
  const storable = storableJson(given, MAX_BYTES);
  if ('problem' in storable) return { errors: [{ pointer: '', detail: storable.problem }] };
  const { data: definition, error } = journeyDefinition.safeParse(JSON.parse(storable.text));
  if (!definition) return { errors: error.issues.map(({ path, message }) => at(path, message)) };
  const events = new Map(catalogue.map((event) => [event.name, event]));
  const mistakes = look(definition, events);
  if (mistakes.length > 0) return { errors: mistakes.map(({ path, message }) => at(path, message)) };

  const journey = toJourney(id, definition, events);
  const alone = await compile({ ...definitions.current, journeys: [journey] });
  const outline = alone.outlines.get(id);
  if (outline?.truncated)
    return { errors: [at(['steps'], `has more than ${outline.paths} paths: make several journeys of it`)] };
  // Parsed: durations and names as the schema left them.
  const fit = { definition, json: definition as unknown as JsonObject, journey };
  return { fit, alone, problems: await problemsOf(alone, journey, checkTemplate) };
}

function at(path: readonly PropertyKey[], detail: string): FieldError {
  return { pointer: pointerTo('', path), detail };
}

/** A problem that is of no step is of how the journey is entered. */
function errorOf(definition: JourneyDefinition, { step, channel, text }: JourneyProblem): FieldError {
  return at(step === null ? ['enter'] : placeOfStep(definition, step, channel), text);
}
