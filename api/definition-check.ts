import { setImmediate } from 'node:timers/promises';
import { compile } from '../engine/outline/compile';
import { MAX_PATHS } from '../engine/outline/outline';
import { unsentText } from '../config/channel-setups';
import { problemsBesideOthers, problemsOf, type JourneyProblem } from '../config/check';
import { toJourney } from '../engine/json/to-journey';
import { fieldMistakes } from '../engine/json/field-mistakes';
import { channelsIn, misfitsIn, mistakesIn } from '../engine/json/mistakes';
import { journeyDefinition, type JourneyDefinition } from '../engine/json/schema';
import { type Definitions } from '../engine/definitions/definitions';
import type { Defect, Exploration } from '../engine/explore';
import type { ChannelSetup } from '../engine/authoring/channel-setup';
import type { Journey } from '../engine/authoring/journey';
import type { Mistake } from '../engine/authoring/json-fields';
import { placedSteps } from '../engine/json/walk';
import { noChannel } from '../engine/model/channel-name';
import type { ChannelSpec } from '../engine/model/channels';
import type { JsonObject } from '../engine/model/json';
import { defectErrors, exploreAside, placeOfStep } from './definition-defects';
import type { ApiDeps } from './deps';
import { pointerTo, type FieldError } from './pointer';
import { storableJson } from './segment/storable';

/** Largest definition, in bytes: far more than a person writes, far less than a request may have. */
const MAX_BYTES = 256 * 1024;

/**
 * The most values of a new definition, counting every object, list and leaf: twenty for each of 200 steps. The mistakes in so many
 * are found without keeping other requests waiting.
 */
const MOST_VALUES = 4_000;

/** A definition that can run, and the journey built from it. */
export interface RunnableDefinition {
  readonly definition: JourneyDefinition;
  /** The definition as it is stored, without characters the database cannot hold. */
  readonly json: JsonObject;
  readonly journey: Journey;
}

/** A definition without defects, and the exploration of its paths. */
export interface FlawlessDefinition extends RunnableDefinition {
  readonly exploration: Exploration;
}

/** The result of a check: the definition, or everything that is wrong with it. */
export type Checked<Valid> = { readonly valid: Valid } | { readonly errors: readonly FieldError[] };
type Deps = Pick<ApiDeps, 'definitions' | 'catalogue' | 'setups' | 'checkTemplate'>;

/** Checks whether a definition can run: its shape, the names it uses, and the templates on every path. */
export async function checkDefinition(deps: Deps, id: string, given: JsonObject): Promise<Checked<RunnableDefinition>> {
  const built = await build(deps, id, given, misfitsIn);
  if ('errors' in built) return built;
  const errors = built.problems.map((problem) => errorOf(built.valid.definition, problem));
  return errors.length > 0 ? { errors } : built;
}

/** Checks everything that is known before users enter: whether a definition can run, and what `explore --check` reports. */
export async function checkThoroughly(deps: Deps, id: string, given: JsonObject): Promise<Checked<FlawlessDefinition>> {
  if (hasMoreValues(given, MOST_VALUES))
    return { errors: [at([], `must not have more than ${MOST_VALUES} values: split the journey into several`)] };
  const built = await build(deps, id, given, mistakesIn);
  if ('errors' in built) return built;
  const { valid, alone } = built;
  const problems = [...built.problems, ...problemsBesides(deps, built)];
  const errors = problems.map((problem) => errorOf(valid.definition, problem));
  // A journey that cannot be entered, or that throws, cannot be explored. A wrong template does not prevent exploration.
  if (problems.some(({ channel }) => channel === null)) return { errors };
  const exploration = await exploreAside(valid.journey, alone, deps.checkTemplate);
  // Only templates have problems here. The exploration checks them too; each place is reported once.
  const isReported = ({ kind, step, channel }: Defect): boolean =>
    kind === 'template' && problems.some((problem) => problem.step === step && problem.channel === channel);
  const defects = exploration.defects.filter((defect) => !isReported(defect));
  errors.push(...defectErrors(valid.definition, defects));
  return errors.length > 0 ? { errors } : { valid: { ...valid, exploration } };
}

interface Built {
  readonly valid: RunnableDefinition;
  /** The current definitions with this journey as the only one. */
  readonly alone: Definitions;
  readonly problems: readonly JourneyProblem[];
}

/** Builds a journey from a definition, and collects the problems that would keep it from running. Yields between the parts. */
async function build(
  { definitions, catalogue, setups, checkTemplate }: Deps,
  id: string,
  given: JsonObject,
  findMistakes: typeof mistakesIn,
): Promise<Built | { readonly errors: readonly FieldError[] }> {
  const storable = storableJson(given, MAX_BYTES);
  if ('problem' in storable) return { errors: [{ pointer: '', detail: storable.problem }] };
  await setImmediate();
  const { data: definition, error } = journeyDefinition.safeParse(JSON.parse(storable.text));
  if (!definition) return { errors: fieldMistakes(error).map(({ path, message }) => at(path, message)) };
  await setImmediate();
  const events = new Map(catalogue.map((event) => [event.name, event]));
  const own = definitions.current.channels;
  const mistakes = [...findMistakes(definition, events, own), ...unsentIn(definition, setups, own)];
  if (mistakes.length > 0) return { errors: mistakes.map(({ path, message }) => at(path, message)) };

  await setImmediate();
  const journey = toJourney(id, definition, events, own);
  const alone = await compile({ ...definitions.current, journeys: [journey] });
  const outline = alone.outlines.get(id);
  if (outline?.truncated)
    return {
      errors: [at(['steps'], `must not have more than ${MAX_PATHS} paths: split the journey into several`)],
    };
  // Stored as parsed, with durations and names as the schema returns them.
  const valid = { definition, json: definition as unknown as JsonObject, journey };
  return { valid, alone, problems: await problemsOf(alone, journey, checkTemplate) };
}

/** The channels that are there, and of which nothing says how they send. */
function unsentIn(
  { steps }: JourneyDefinition,
  setups: readonly ChannelSetup[],
  own: readonly ChannelSpec[] | undefined,
): Mistake[] {
  return channelsIn(placedSteps(steps)).flatMap(({ name, path, use }) => {
    const text = use === 'message' && noChannel(name, own) === null ? unsentText(name, setups) : null;
    return text === null ? [] : [{ path, message: `channel without file: ${text}` }];
  });
}

/** The problems that only show beside the other journeys. */
function problemsBesides({ definitions }: Deps, { valid: { journey }, alone, problems }: Built): JourneyProblem[] {
  const { journeys, outlines } = definitions.current;
  const others = journeys.filter(({ id }) => id !== journey.id);
  const all = {
    ...alone,
    journeys: [...others, journey],
    outlines: new Map([...outlines, ...alone.outlines]),
  };
  const known = new Set(problems.map(({ text }) => text));
  return problemsBesideOthers(all, journey).filter(({ text }) => !known.has(text));
}

/** Counts no further than it must. */
function hasMoreValues(json: JsonObject, most: number): boolean {
  const found: unknown[] = [json];
  for (const value of found) {
    if (typeof value !== 'object' || value === null) continue;
    const children: unknown[] = Object.values(value);
    if (found.length + children.length > most) return true;
    found.push(...children);
  }
  return false;
}

function at(path: readonly PropertyKey[], detail: string): FieldError {
  return { pointer: pointerTo('', path), detail };
}

/** The field of a problem. A problem without a step concerns how users enter. */
function errorOf(definition: JourneyDefinition, { step, channel, text }: JourneyProblem): FieldError {
  return at(step === null ? ['enter'] : placeOfStep(definition, step, channel), text);
}
