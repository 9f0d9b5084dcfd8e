import { loadTemplates } from '../activities/templates/load';
import { unsentSteps } from '../config/channel-setups';
import { loadDefinitions, type LoadedDefinitions } from '../config/definitions';
import { templatesRoots } from '../config/definitions-files';
import type { Defect, Exploration } from '../engine/explore';
import { exploreWith } from './explore-journey';

/** The steps of a journey that send by a channel which nothing sets up. */
function unsentIn(definitions: LoadedDefinitions, id: string): Defect[] {
  return unsentSteps(definitions, definitions.setups)
    .filter(({ journey }) => journey === id)
    .map(({ step, channel, text }) => ({ kind: 'channel without file', step, channel, text, path: null }));
}

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
    const exploration = await exploreWith(templates, journey, {
      with: definitions,
      ...(maxPaths === undefined ? {} : { maxPaths }),
    });
    const unsent = unsentIn(definitions, journey.id);
    explorations.push({ ...exploration, defects: [...exploration.defects, ...unsent] });
  }
  return explorations;
}
