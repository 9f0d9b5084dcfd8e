import { Command } from 'commander';
import { checkTemplate } from '../activities/templates/check';
import { loadTemplates } from '../activities/templates/load';
import { loadDefinitions } from '../config/definitions';
import { templatesRoot } from '../config/definitions-files';
import { readEnvironment } from '../config/env';
import { explore, type Exploration } from '../engine/explore';
import { mermaid } from '../engine/outline/mermaid';
import { readCount } from './count';
import { explorationText } from './explore-text';

interface Options {
  readonly json: boolean;
  readonly mermaid: boolean;
  readonly check: boolean;
  readonly paths: number;
}

/** `sojourn explore`: walks every path of the journeys. */
export const exploreCommand = new Command('explore')
  .description('Walk every path of the journeys, and show durations, message counts and defects.')
  .argument('[ids...]', 'ids of the journeys to explore (default: all)')
  .option('--check', 'print only the defects, and exit with 1 if there are any', false)
  .option('--json', 'print the reports as JSON', false)
  .option('--mermaid', 'print only the Mermaid diagrams', false)
  .option('--paths <count>', 'walk at most this many paths', readCount, 10_000)
  .action(async (ids: string[], options: Options) => {
    const explorations = await exploreAll(readEnvironment(process.env).journeysPath, { ids, maxPaths: options.paths });
    console.log(format(explorations, options));
    if (options.check && explorations.some(({ defects }) => defects.length > 0)) process.exitCode = 1;
  });

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
  const templates = await loadTemplates(templatesRoot(path));
  const unknown = ids.filter((id) => !definitions.journeys.some((journey) => journey.id === id));
  if (unknown.length > 0)
    throw new Error(
      `Unknown journey: '${unknown.join("', '")}'. Expected one of ${definitions.journeys.map(({ id }) => id).join(', ')}.`,
    );
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

function format(explorations: readonly Exploration[], { json, mermaid: diagrams, check }: Options): string {
  if (json) return JSON.stringify(explorations, null, 2);
  if (diagrams) return explorations.map(({ enter, outline }) => mermaid(enter, outline)).join('\n\n');
  return explorations.map((exploration) => explorationText(exploration, { tree: !check })).join('\n\n');
}
