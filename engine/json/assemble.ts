import { compile } from '../outline/compile';
import { type Definitions, type Sources, type StoredProblem } from '../definitions/definitions';
import type { Journey, StoredVersion } from '../authoring/journey';
import type { ChannelSpec } from '../model/channels';
import type { JsonObject } from '../model/json';
import { fieldMistakes } from './field-mistakes';
import { toJourney } from './to-journey';
import { journeyDefinition, type Catalogue, type JourneyDefinition } from './schema';

/** A published version as stored. */
export interface StoredDefinition {
  readonly version: number;
  readonly definition: JsonObject;
  /** Users who were inside when it was published finish on the version before it. */
  readonly finish: boolean;
}

/** A stored journey that is part of the definitions. */
export interface StoredJourney {
  readonly id: string;
  readonly paused: boolean;
  /** Oldest first. The last is the current one. */
  readonly versions: readonly StoredDefinition[];
}

/** Definitions with the stored journeys, and the problems with those that were left out. */
export interface Assembled {
  readonly definitions: Definitions;
  /** One for each stored journey, or former version of one, that does not fit this code and is left out. */
  readonly problems: readonly StoredProblem[];
}

/** A journey made of its versions, and the problems with those that were left out. */
export interface Made {
  readonly journey: Journey;
  readonly problems: readonly StoredProblem[];
}

/**
 * Adds the stored journeys to what a team defines in code. A journey that no longer fits, because the code has changed since it
 * was published, is left out. Users inside it stay where they are.
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
      if (taken.has(one.id)) throw new TypeError('a journey in code has this id.');
      const made = storedJourney(one, catalogue, sources.channels);
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
 * Makes a journey of its versions. A former version that does not fit is left out; the others stay.
 * @param own the channels of the team's own. Default: none
 * @throws {TypeError} when the current version does not fit
 */
export function storedJourney(
  { id, paused, versions }: StoredJourney,
  catalogue: Catalogue,
  own?: readonly ChannelSpec[],
): Made {
  const made = (
    { version, definition }: StoredDefinition,
    others: Pick<StoredVersion, 'former' | 'unfit'>,
  ): Journey => {
    const journey = toJourney(id, parsed(definition), catalogue, own);
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
      const left = `${id}, version ${one.version}, is left out, and users who finish on it stay where they are`;
      problems.push({ journey: id, text: `${left}: ${textOf(error)}` });
    }
  }
  const present = versions.at(-1) ?? { version: 0, definition: {}, finish: false };
  return { journey: made(present, { former, ...(unfit.length > 0 && { unfit }) }), problems };
}

/**
 * Parses a definition with the current schema, which may be stricter than the one under which it was stored.
 * @throws {TypeError} when the definition does not pass; the message has every mistake and its place, in one line
 */
function parsed(definition: JsonObject): JourneyDefinition {
  const { data, error } = journeyDefinition.safeParse(definition);
  if (data) return data;
  throw new TypeError(
    fieldMistakes(error)
      .map(({ path, message }) => `/${path.join('/')}: ${message}`)
      .join('; '),
  );
}

/** The versions on which users finish: each is followed by one with `finish`. */
function finishedOn(versions: readonly StoredDefinition[]): StoredDefinition[] {
  return versions.filter((_, index) => versions[index + 1]?.finish === true);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
