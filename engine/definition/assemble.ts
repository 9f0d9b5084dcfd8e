import { compile, type Definitions, type Sources } from '../definitions';
import type { Journey } from '../journey';
import type { JsonObject } from '../json';
import { toJourney } from './compile';
import { journeyDefinition, type Catalogue } from './schema';

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
  /** A sentence for each stored journey that can't run beside this code, and is left out. */
  readonly problems: readonly string[];
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
  const problems: string[] = [];
  const journeys = stored.flatMap((one) => {
    try {
      if (taken.has(one.id)) throw new TypeError(`${one.id}: there is code for a journey with this id.`);
      return [storedJourney(one, catalogue)];
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
  return { definitions: await compile({ ...sources, journeys: [...sources.journeys, ...journeys] }), problems };
}

/**
 * Makes a journey of its versions.
 * @throws {TypeError} when one of them doesn't fit
 */
export function storedJourney({ id, paused, versions }: StoredJourney, catalogue: Catalogue): Journey {
  const made = (index: number, former: readonly Journey[]): Journey => {
    const { version, definition } = versions[index] ?? { version: 0, definition: {} };
    const journey = toJourney(id, journeyDefinition.parse(definition), catalogue);
    return { ...journey, stored: { version, definition, paused, former } };
  };
  const former = versions.flatMap(({ finish }, index) => (finish && index > 0 ? [made(index - 1, [])] : []));
  return made(versions.length - 1, former);
}
