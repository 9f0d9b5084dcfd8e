import { readFileSync } from 'node:fs';
import { API_DOCUMENT, apiDocument } from '../../dev/docs';

test('docs/api.md is current; `npm run docs` makes it so', async () => {
  expect(readFileSync(API_DOCUMENT, 'utf8')).toBe(await apiDocument());
});
