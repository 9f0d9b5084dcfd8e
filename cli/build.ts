import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { Command } from 'commander';
import { loadTemplates } from '../activities/templates/load';
import { checkTemplate } from '../activities/templates/check';
import { checkDefinitions } from '../config/check';
import { loadDefinitions } from '../config/definitions';
import { templatesRoots } from '../config/definitions-files';
import { readEnvironment, SHIPPED_JOURNEYS } from '../config/env';
import { compileJourneys } from './build/compile-journeys';
import { removeEntries, writeEntries } from './build/entries';

const DIST = 'dist';

/** `sojourn build`: makes what production runs. */
export const build = new Command('build')
  .description('Compile the journeys into dist/, list every defect, and write dist/server.js and dist/worker.js.')
  .action(async () => {
    if (existsSync(SHIPPED_JOURNEYS))
      throw new Error('This builds a project of your own. The repository of Sojourn is built by npm run build.');
    const [source, dist] = [resolve(readEnvironment(process.env).journeysPath), resolve(DIST)];
    removeEntries(dist);
    const journeys = compileJourneys(source, dist);
    const problems = await problemsOf(journeys);
    if (problems.length > 0)
      throw new Error(`These journeys can't run:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    const entries = writeEntries(dist, journeys);
    console.log(`Compiled ${relative(process.cwd(), source)} into ${relative(process.cwd(), journeys)}. Run:\n`);
    console.log(entries.map((file) => `  node ${relative(process.cwd(), file)}`).join('\n'));
  });

/** What a worker would refuse to start for. */
async function problemsOf(journeys: string): Promise<string[]> {
  const definitions = await loadDefinitions(journeys);
  const templates = await loadTemplates(...templatesRoots(journeys));
  return checkDefinitions(definitions, (use) => checkTemplate(templates, use));
}
