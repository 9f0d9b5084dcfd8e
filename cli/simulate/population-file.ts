import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { isObject } from '../../config/definitions-shape';
import { defaultOf, moduleIn, templatesRoot } from '../../config/definitions-files';
import type { Population } from '../../engine/simulate/population';

const load = createRequire(__filename);

/**
 * The file that describes the people: the one asked for, or `population` beside the journeys.
 * @throws {Error} when there is none
 */
export function findPopulation(asked: string | undefined, journeysPath: string): string {
  if (asked !== undefined) return resolved(asked);
  const folder = templatesRoot(journeysPath);
  const file = moduleIn(folder, 'population');
  if (file === null)
    throw new Error(
      `There is no ${join(folder, 'population')}: name a file by --population, or draw lives by --from-….`,
    );
  return file;
}

function resolved(file: string): string {
  try {
    return load.resolve(resolve(file));
  } catch (cause) {
    throw new Error(`There is no '${file}'.`, { cause });
  }
}

/**
 * Loads who the people are.
 * @throws {Error} when the file can't be loaded, or exports no population by default
 */
export function loadPopulation(file: string): Population {
  const value = defaultOf(load(file));
  if (!isPopulation(value)) throw new Error(`${file} must export population(...) by default.`);
  return value;
}

function isPopulation(value: unknown): value is Population {
  return isObject(value) && value['kind'] === 'population';
}
