import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { Command } from 'commander';
import { loadRunnable } from '../activities/journey-code';
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
    await loadRunnable(journeys);
    const entries = writeEntries(dist, journeys);
    console.log(`Compiled ${relative(process.cwd(), source)} into ${relative(process.cwd(), journeys)}. Run:\n`);
    console.log(entries.map((file) => `  node ${relative(process.cwd(), file)}`).join('\n'));
  });
