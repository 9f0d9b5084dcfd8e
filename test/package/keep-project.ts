import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectFiles } from '../../cli/init/project-files';
import { journeyFiles } from '../../cli/new/journey-files';

/*
 * Keeps the project that this release makes, with a journey by `sojourn new journey`. The tests of later releases upgrade it. Run it once
 * at a release: `npx tsx test/package/keep-project.ts`.
 */

const JOURNEY = 'first-order';
const ROOT = join(__dirname, '..', '..');

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
const made = [...journeyFiles(JOURNEY, { name: 'signedUp', example: { plan: 'free' } })];
const files = [
  ...projectFiles('my-journeys'),
  ...made.map(([name, content]) => [`journeys/${JOURNEY}/${name}`, content] as const),
];
const kept = Object.fromEntries(files.map(([name, content]) => [name, content.toString()]));
writeFileSync(join(__dirname, 'projects', `${version}.json`), `${JSON.stringify(kept, null, 2)}\n`);
