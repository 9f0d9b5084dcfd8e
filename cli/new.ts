import { join, relative } from 'node:path';
import { Command } from 'commander';
import { journeysFolder } from '../config/definitions-files';
import { readEnvironment } from '../config/env';
import { JOURNEY_ID } from '../engine/model/ids';
import { enteringEvent } from './new/entering-event';
import { journeyFiles } from './new/journey-files';
import { writeNew } from './write-new';

/** `sojourn new journey`: writes a journey that works, to be edited. */
const journey = new Command('journey')
  .description('Write a journey with its templates and a test that passes. Edit them to what you need.')
  .argument('<id>', 'id of the journey, which is also the name of its folder')
  .action((id: string) => {
    if (!JOURNEY_ID.test(id))
      throw new Error(`'${id}' can't be the id of a journey. Expected lower-case words joined by hyphens.`);
    const folder = journeysFolder(readEnvironment(process.env).journeysPath);
    const files = journeyFiles(id, enteringEvent(folder));
    writeNew(join(folder, id), files);
    const shown = relative(process.cwd(), join(folder, id));
    console.log(`Made a journey:\n\n${[...files.keys()].map((name) => `  ${join(shown, name)}`).join('\n')}`);
    console.log(`\nNext:\n\n  npx jest ${id}\n  npx sojourn explore ${id}\n`);
  });

/** `sojourn new`: writes what is new in a project. */
export const newCommand = new Command('new').description('Write a new part of the project.').addCommand(journey);
