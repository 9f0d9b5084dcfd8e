import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { isObject } from '../../config/definitions-shape';
import { defaultOf, journeysFolder, moduleIn } from '../../config/definitions-files';
import { loadModule } from '../../config/journey-modules';
import type { Population } from '../../engine/simulate/population';

const here = createRequire(__filename);

/**
 * Finds the file that describes the people: the given file, or `population` beside the journeys.
 * @param asked the value of `--population`; undefined for the default
 * @throws {Error} when the file does not exist
 */
export function findPopulation(asked: string | undefined, journeysPath: string): string {
  if (asked !== undefined) return resolved(asked);
  const folder = journeysFolder(journeysPath);
  const file = moduleIn(folder, 'population');
  if (file === null)
    throw new Error(
      `No population found: expected ${join(folder, 'population')}. Create it, or use --population, --from-events or --from-database.`,
    );
  return file;
}

function resolved(file: string): string {
  try {
    return here.resolve(resolve(file));
  } catch (cause) {
    throw new Error(`File not found: '${file}'. Expected a module that exports population(...) by default.`, { cause });
  }
}

/**
 * Loads the description of the people.
 * @throws {Error} when the file cannot be loaded, or has no population as its default export
 */
export function loadPopulation(file: string): Population {
  const value = defaultOf(loadModule(file));
  if (!isPopulation(value)) throw new Error(`${file} must export population(...) by default.`);
  return value;
}

function isPopulation(value: unknown): value is Population {
  return isObject(value) && value['kind'] === 'population';
}
