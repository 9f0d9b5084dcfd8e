import { checkTemplate } from '../activities/templates/check';
import { loadTemplates } from '../activities/templates/load';
import { loadDefinitions } from '../config/definitions';
import { templatesRoot } from '../config/definitions-files';
import { explore, type Exploration } from '../engine/explore';

/**
 * Explores the journeys of a folder or package under their own lifecycle, policy, traits and templates.
 * @param only ids, all when there is none
 * @throws {Error} when there is no journey of such an id
 */
export async function exploreAll(
  path: string,
  { ids = [], maxPaths }: { readonly ids?: readonly string[]; readonly maxPaths?: number } = {},
): Promise<Exploration[]> {
  const definitions = await loadDefinitions(path);
  const templates = await loadTemplates(templatesRoot(path));
  const unknown = ids.filter((id) => !definitions.journeys.some((journey) => journey.id === id));
  if (unknown.length > 0) throw new Error(`There is no journey '${unknown.join("', '")}'.`);
  const explorations: Exploration[] = [];
  for (const journey of definitions.journeys.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
    explorations.push(
      await explore(journey, {
        with: definitions,
        checkTemplate: (use) => checkTemplate(templates, use),
        ...(maxPaths === undefined ? {} : { maxPaths }),
      }),
    );
  }
  return explorations;
}
