import { readFileSync } from 'node:fs';
import { COOKBOOK_DOCUMENT, cookbookDocument } from '../../dev/docs';
import { cookbookEntries } from '../../dev/cookbook';

const MOST_LINES = 40;
const entries = cookbookEntries();

test('docs/cookbook.md is up to date (run `npm run docs` to update it)', async () => {
  expect(readFileSync(COOKBOOK_DOCUMENT, 'utf8')).toBe(await cookbookDocument());
});

test('every example has a journey that begins with what the team says, templates, and a test', () => {
  expect(entries.length).toBeGreaterThan(0);
  const incomplete = entries.filter(
    ({ journeys, templates, edges }) =>
      journeys.some(({ says, lines }) => says === '' || lines === 0) || templates.length === 0 || edges.length === 0,
  );
  expect(incomplete.map(({ name }) => name)).toEqual([]);
});

test(`the journeys of the examples have at most ${MOST_LINES} lines of code each`, () => {
  const journeys = entries.flatMap((entry) => entry.journeys);
  expect(journeys.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
});
