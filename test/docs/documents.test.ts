import { readFileSync } from 'node:fs';
import { API_DOCUMENT, apiDocument, JOURNEYS_DOCUMENT, journeysDocument } from '../../dev/docs';

test('docs/api.md is current; `npm run docs` makes it so', async () => {
  expect(readFileSync(API_DOCUMENT, 'utf8')).toBe(await apiDocument());
});

test('docs/journeys.md has the diagrams of today; `npm run docs` makes it so', async () => {
  expect(readFileSync(JOURNEYS_DOCUMENT, 'utf8')).toBe(await journeysDocument());
});
