import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkTemplate } from '../../activities/templates/check';
import { loadTemplates } from '../../activities/templates/load';
import { exploreAll } from '../../cli/explore-all';
import { checkDefinitions } from '../../config/check';
import { loadDefinitions } from '../../config/definitions';
import { templatesRoots } from '../../config/definitions-files';
import { runJest } from '../support/jest';

const ROOT = join(__dirname, '..', '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** Returns the first code block after a phrase of the README. */
function blockAfter(mention: string): string {
  const [, after] = README.split(mention, 2);
  const block = /```\w+\n(.*?)```/s.exec(after ?? '')?.[1];
  if (block === undefined) throw new Error(`README.md: expected a code block after '${mention}'.`);
  return block;
}

let folder: string;
beforeAll(() => {
  // Created in the project, where its dependencies are.
  folder = mkdtempSync(join(ROOT, '.readme-'));
  cpSync(join(ROOT, 'journeys'), folder, { recursive: true, filter: (file) => !file.endsWith('.test.ts') });
  for (const [mention, file] of [
    ['`journeys/first-order/journey.ts`', 'journey.ts'],
    ['`reminder.email.mjml`', 'templates/reminder.email.mjml'],
    ['`reminder.web-push.yaml`', 'templates/reminder.web-push.yaml'],
    ['`journeys/first-order/first-order.test.ts`', 'first-order.test.ts'],
  ] as const) {
    const path = join(folder, 'first-order', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, blockAfter(mention));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the first journey of the README loads as printed, and has no defects', async () => {
  const definitions = await loadDefinitions(folder);
  const templates = await loadTemplates(...templatesRoots(folder));
  expect(definitions.journeys.map(({ id }) => id)).toContain('first-order');
  expect(await checkDefinitions(definitions, (use) => checkTemplate(templates, use))).toEqual([]);
  const found = (await exploreAll(folder)).find(({ journey }) => journey === 'first-order');
  expect(found).toMatchObject({ defects: [], budget: { messages: 1 } });
});

test('its test passes as it stands there', async () => {
  expect(await runJest(folder, join(folder, 'first-order', 'first-order.test.ts'))).toMatchObject({ code: 0 });
});
