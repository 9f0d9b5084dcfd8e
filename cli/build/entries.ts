import { rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const ENTRIES = { server: 'runServer', worker: 'runWorker' } as const;

/** Removes the programs that production runs: what a failed build leaves must not start. */
export function removeEntries(dist: string): void {
  for (const name of Object.keys(ENTRIES)) rmSync(join(dist, `${name}.js`), { force: true });
}

/**
 * Writes the programs that production runs.
 * @param journeys the folder of the compiled journeys, inside `dist`
 * @returns their files
 */
export function writeEntries(dist: string, journeys: string): string[] {
  const path = relative(dist, journeys).split(sep).join('/');
  return Object.entries(ENTRIES).map(([name, run]) => {
    const file = join(dist, `${name}.js`);
    writeFileSync(
      file,
      [
        `// Written by 'sojourn build'.`,
        `const { join } = require('node:path');`,
        `const { ${run} } = require('sojourn/run');`,
        '',
        `process.env.JOURNEYS ||= join(__dirname, ${JSON.stringify(path)});`,
        `void ${run}();`,
        '',
      ].join('\n'),
    );
    return file;
  });
}
