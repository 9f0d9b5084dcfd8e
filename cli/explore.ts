import { Command } from 'commander';
import { loadDefinitions } from '../config/definitions';
import { readEnvironment } from '../config/env';
import type { Exploration } from '../engine/explore';
import { flawsOf, type Flaw } from '../engine/policy/check';
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

/** `sojourn explore`: walks every path of the journeys. */
export const exploreCommand = new Command('explore')
  .description('Walk every path of the journeys, and show durations, message counts and defects.')
  .argument('[ids...]', 'ids of the journeys to explore (default: all)')
  .option('--check', 'print only the defects, and exit with 1 if there are any', false)
  .option('--json', 'print the reports as JSON', false)
  .option('--mermaid', 'print only the Mermaid diagrams', false)
  .option('--paths <count>', 'walk at most this many paths', readCount, 10_000)
  .action(async (ids: string[], options: Options) => {
    const { journeysPath } = readEnvironment(process.env);
    const explorations = await exploreAll(journeysPath, { ids, maxPaths: options.paths });
    console.log(format(explorations, options));
    if (!options.check) return;
    const contradictions = await policyContradictions(journeysPath);
    for (const { at, text } of contradictions) console.error(`The policy contradicts itself: ${at}: ${text}`);
    if (contradictions.length > 0 || explorations.some(({ defects }) => defects.length > 0)) process.exitCode = 1;
  });

/** What contradicts itself in the policy. A limit that can never apply is left to `sojourn policy`. */
async function policyContradictions(path: string): Promise<Flaw[]> {
  const { policy, journeys, topics } = await loadDefinitions(path);
  const named = { journeys, topics: Object.keys(topics?.byName ?? {}) };
  return flawsOf(policy, named).filter(({ kind }) => kind === 'contradiction');
}

function format(explorations: readonly Exploration[], { json, mermaid: diagrams, check }: Options): string {
  if (json) return JSON.stringify(explorations, null, 2);
  if (diagrams) return explorations.map(({ enter, outline }) => mermaid(enter, outline)).join('\n\n');
  return explorations.map((exploration) => explorationText(exploration, { tree: !check })).join('\n\n');
}
