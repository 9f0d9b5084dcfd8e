import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadDefinitions } from '../config/definitions';
import { journeysFolder } from '../config/definitions-files';
import { readEnvironment } from '../config/env';
import { readClock } from '../store/clock';
import { openInstallation } from './database';
import { anonymize } from './export-test/incident';
import { renderTest } from './export-test/render';
import { lifeOf, recordedDifferences } from './person';

interface Options {
  readonly out?: string;
  readonly keep: readonly string[];
}

/** `sojourn export-test`: turns one user's stored history into a Jest test. */
export const exportTest = new Command('export-test')
  .description("Turn one user's stored history into a Jest test. Ids and personal values are replaced.")
  .argument('<user>', 'id of the user')
  .argument('<journey>', 'id of the journey to test')
  .option('--out <file>', 'file to write, or - for the terminal (default: incident.test.ts beside the journey)')
  .option('--keep <names...>', 'names of properties and traits to keep, because their values are not personal', [])
  .action(async (user: string, journey: string, { out, keep }: Options) => {
    const path = readEnvironment(process.env).journeysPath;
    const folder = journeysFolder(path);
    const definitions = await loadDefinitions(path);
    if (!existsSync(join(folder, journey)))
      throw new Error(`Unknown journey: '${journey}'. Expected the name of a folder in ${folder}.`);
    const file = out === undefined || out === '-' ? join(folder, journey, 'incident.test.ts') : out;
    const database = openInstallation();
    try {
      const until = (await readClock(database)).now();
      const life = await lifeOf(database, user);
      const recorded = await recordedDifferences(database, life, definitions, until);
      const incident = await anonymize(life, definitions, keep, until);
      if (!incident.course.runs.some((run) => run.journey === journey))
        throw new Error(`User '${user}' never entered '${journey}'.`);
      const text = renderTest({ ...incident, journey, folder, file, until, recorded });
      if (out === '-') console.log(text);
      else {
        // `wx` refuses to overwrite the test of another incident.
        writeFileSync(file, text, { flag: 'wx' });
        console.log(`Wrote ${file}. It passes with the current journeys.`);
      }
      for (const line of recorded) console.error(`Recorded differently: ${line}`);
    } finally {
      await database.close();
    }
  });
