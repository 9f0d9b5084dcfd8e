import { basename, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { projectFiles } from './init/project-files';
import { writeNew } from './write-new';

/** `sojourn init`: makes a project of one's own. */
export const init = new Command('init')
  .description('Make a project of your own: journeys, their tests, and what it takes to run them.')
  .argument('<folder>', 'folder of the project; made if it does not exist')
  .action((path: string) => {
    const folder = resolve(path);
    const files = projectFiles(basename(folder));
    writeNew(folder, files);
    console.log(`Made a project in ${path}:\n`);
    console.log([...files.keys()].map((name) => `  ${name}`).join('\n'));
    const steps = ['npm install', 'npm test', 'npx sojourn dev'];
    const here = relative(process.cwd(), folder);
    console.log(
      `\nNext:\n\n${[...(here === '' ? [] : [`cd ${here}`]), ...steps].map((step) => `  ${step}`).join('\n')}\n`,
    );
  });
