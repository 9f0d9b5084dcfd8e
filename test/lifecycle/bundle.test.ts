import { readFileSync } from 'node:fs';
import { workflowBundlePath } from '../support/temporal';

const [code = ''] = readFileSync(workflowBundlePath(), 'utf8').split('//# sourceMappingURL');
const modules = new Set([...code.matchAll(/"(\.\/[^"\n]+?\.[cm]?[jt]s)"/g)].map(([, file = '']) => file));

test('the workflow bundle contains workflows/ only: no journeys, no engine, no store', () => {
  const ours = [...modules]
    .filter((file) => !file.includes('node_modules'))
    .map((file) => file.replace(/\.[jt]s$/, ''));
  expect(ours.sort()).toEqual([
    './workflows/display',
    './workflows/failures',
    './workflows/lifecycle',
    './workflows/search-attributes',
    './workflows/wake-signal',
    './workflows/wake-timer',
  ]);
});

test('the bundle contains the SDK, but not zod, luxon, pg, knex or liquidjs', () => {
  const libraries = [...modules]
    .filter((file) => file.includes('node_modules/'))
    .map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  const forbidden = ['zod', 'luxon', 'pg', 'knex', 'liquidjs'];
  expect(libraries).toContain('@temporalio/workflow');
  expect(libraries.filter((library) => forbidden.includes(library ?? ''))).toEqual([]);
});

test('the bundle stays small: little more than the SDK', () => {
  expect(code.length).toBeGreaterThan(10_000);
  expect(code.length).toBeLessThan(600_000);
});
