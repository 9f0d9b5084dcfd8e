import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadDefinitions } from '../config/definitions';
import { templatesRoot } from '../config/definitions-files';
import { readEnvironment } from '../config/env';
import { readClock } from '../store/clock';
import { openInstallation } from './database';
import { disguise } from './export-test/incident';
import { renderTest } from './export-test/render';
import { lifeOf, recordedOtherwise } from './person';

interface Options {
  readonly out?: string;
  readonly keep: readonly string[];
}

/** `sojourn export-test`: what happened to a person becomes a test. */
export const exportTest = new Command('export-test')
  .description("Makes a Jest test of one person's stored history, under another name.")
  .argument('<user>', 'the id of the person')
  .argument('<journey>', 'the id of the journey the test is about')
  .option('--out <file>', 'where to write it (default: incident.test.ts beside the journey; - for the terminal)')
  .option('--keep <names...>', 'properties and traits whose values are not personal', [])
  .action(async (user: string, journey: string, { out, keep }: Options) => {
    const path = readEnvironment(process.env).journeysPath;
    const folder = templatesRoot(path);
    const definitions = await loadDefinitions(path);
    if (!existsSync(join(folder, journey))) throw new Error(`There is no journey '${journey}' in ${folder}.`);
    const file = out === undefined || out === '-' ? join(folder, journey, 'incident.test.ts') : out;
    const database = openInstallation();
    try {
      const until = (await readClock(database.knex)).now();
      const life = await lifeOf(database, user);
      const otherwise = await recordedOtherwise(database, life, definitions, until);
      const incident = await disguise(life, definitions, keep, until);
      if (!incident.course.runs.some((run) => run.journey === journey))
        throw new Error(`This person never entered '${journey}'.`);
      const text = renderTest({ ...incident, journey, folder, file, until, otherwise });
      if (out === '-') console.log(text);
      else {
        // Never over another incident.
        writeFileSync(file, text, { flag: 'wx' });
        console.log(`${file} is written; it passes with the journeys of today.`);
      }
      for (const line of otherwise) console.error(`It went otherwise then: ${line}`);
    } finally {
      await database.close();
    }
  });
