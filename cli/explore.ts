import { Command } from 'commander';
import { readEnvironment } from '../config/env';
import type { Exploration } from '../engine/explore';
import { mermaid } from '../engine/outline/mermaid';
import { readCount } from './count';
import { exploreAll } from './explore-all';
import { explorationText } from './explore-text';

interface Options {
  readonly json: boolean;
  readonly mermaid: boolean;
  readonly check: boolean;
  readonly paths: number;
}

/** `sojourn explore`: every path of every journey. */
export const exploreCommand = new Command('explore')
  .description('Walk every path of journeys: how long, how many messages, and what is wrong with them.')
  .argument('[ids...]', 'journeys to explore; all when none is named')
  .option('--check', 'print defects only, and exit with 1 when there are any', false)
  .option('--json', 'the reports as JSON', false)
  .option('--mermaid', 'the diagrams only, for Mermaid', false)
  .option('--paths <count>', 'how many paths are walked at most', readCount, 10_000)
  .action(async (ids: string[], options: Options) => {
    const explorations = await exploreAll(readEnvironment(process.env).journeysPath, { ids, maxPaths: options.paths });
    console.log(shown(explorations, options));
    if (options.check && explorations.some(({ defects }) => defects.length > 0)) process.exitCode = 1;
  });

function shown(explorations: readonly Exploration[], { json, mermaid: diagrams, check }: Options): string {
  if (json) return JSON.stringify(explorations, null, 2);
  if (diagrams) return explorations.map(({ enter, outline }) => mermaid(enter, outline)).join('\n\n');
  return explorations.map((exploration) => explorationText(exploration, { tree: !check })).join('\n\n');
}
