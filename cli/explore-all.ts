import { loadTemplates } from '../activities/templates/load';
import { loadDefinitions } from '../config/definitions';
import { templatesRoots } from '../config/definitions-files';
import type { Exploration } from '../engine/explore';
import { exploreWith } from './explore-journey';

/**
 * Explores the journeys of a folder or package, with the lifecycle, policy, traits and templates beside them.
 * @param path the folder or package
 * @param options `ids`: the journeys to explore, all if empty; `maxPaths`: the most paths to walk per journey
 * @throws {Error} when an id names no journey
 */
export async function exploreAll(
  path: string,
  { ids = [], maxPaths }: { readonly ids?: readonly string[]; readonly maxPaths?: number } = {},
): Promise<Exploration[]> {
  const definitions = await loadDefinitions(path);
  const templates = await loadTemplates(...templatesRoots(path));
  const unknown = ids.filter((id) => !definitions.journeys.some((journey) => journey.id === id));
  if (unknown.length > 0)
    throw new Error(
      `Unknown journey: '${unknown.join("', '")}'. Expected one of ${definitions.journeys.map(({ id }) => id).join(', ')}.`,
    );
  const explorations: Exploration[] = [];
  for (const journey of definitions.journeys.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
    explorations.push(
      await exploreWith(templates, journey, { with: definitions, ...(maxPaths === undefined ? {} : { maxPaths }) }),
    );
  }
  return explorations;
}
