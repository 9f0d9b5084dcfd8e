import { compile } from '../outline/compile';
import { type Definitions, type Sources, type StoredProblem } from '../definitions/definitions';
import type { Journey, StoredVersion } from '../authoring/journey';
import type { JsonObject } from '../model/json';
import { toJourney } from './to-journey';
import { journeyDefinition, type Catalogue, type JourneyDefinition } from './schema';

/** A published version as stored. */
export interface StoredDefinition {
  readonly version: number;
  readonly definition: JsonObject;
  /** Those inside when it was published finish on the version before it. */
  readonly finish: boolean;
}

/** A stored journey that is in force. */
export interface StoredJourney {
  readonly id: string;
  readonly paused: boolean;
  /** Oldest first; the last is the present one. */
  readonly versions: readonly StoredDefinition[];
}

/** Definitions together with the stored journeys, and what was left out of them. */
export interface Assembled {
  readonly definitions: Definitions;
  /** One for each stored journey, or former version of it, that can't run beside this code, and is left out. */
  readonly problems: readonly StoredProblem[];
}

/** A journey made of its versions, and what was left out of it. */
export interface Made {
  readonly journey: Journey;
  readonly problems: readonly StoredProblem[];
}

/**
 * Adds the stored journeys to what a team defines in code. One that does not fit, because the code has changed since it was
 * published, is left out: its people stay where they are.
 */
export async function assemble(
  sources: Sources,
  stored: readonly StoredJourney[],
  catalogue: Catalogue,
): Promise<Assembled> {
  const taken = new Set(sources.journeys.map(({ id }) => id));
  const problems: StoredProblem[] = [];
  const journeys = stored.flatMap((one) => {
    try {
      if (taken.has(one.id)) throw new TypeError('there is code for a journey with this id.');
      const made = storedJourney(one, catalogue);
      problems.push(...made.problems);
      return [made.journey];
    } catch (error) {
      problems.push({ journey: one.id, text: `${one.id} is left out: ${textOf(error)}` });
      return [];
    }
  });
  return { definitions: await compile({ ...sources, journeys: [...sources.journeys, ...journeys] }), problems };
}

/**
 * Makes a journey of its versions. A former one that does not fit is left out by itself: the others are in nobody's way.
 * @throws {TypeError} when the present one doesn't fit
 */
export function storedJourney({ id, paused, versions }: StoredJourney, catalogue: Catalogue): Made {
  const made = (
    { version, definition }: StoredDefinition,
    others: Pick<StoredVersion, 'former' | 'unfit'>,
  ): Journey => {
    const journey = toJourney(id, parsed(definition), catalogue);
    return { ...journey, stored: { version, definition, paused, ...others } };
  };
  const former: Journey[] = [];
  const unfit: number[] = [];
  const problems: StoredProblem[] = [];
  for (const one of finishedOn(versions)) {
    try {
      former.push(made(one, { former: [] }));
    } catch (error) {
      unfit.push(one.version);
      const left = `${id}, version ${one.version}, is left out, and who finishes on it stays where they are`;
      problems.push({ journey: id, text: `${left}: ${textOf(error)}` });
    }
  }
  const present = versions.at(-1) ?? { version: 0, definition: {}, finish: false };
  return { journey: made(present, { former, ...(unfit.length > 0 && { unfit }) }), problems };
}

/**
 * A definition as the schema of today has it, which may be stricter than that by which it was stored.
 * @throws {TypeError} with every mistake and its place, in one line
 */
function parsed(definition: JsonObject): JourneyDefinition {
  const { data, error } = journeyDefinition.safeParse(definition);
  if (data) return data;
  throw new TypeError(error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`).join('; '));
}

/** Those before a version that lets people finish. */
function finishedOn(versions: readonly StoredDefinition[]): StoredDefinition[] {
  return versions.filter((_, index) => versions[index + 1]?.finish === true);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
