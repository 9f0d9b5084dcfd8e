import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTemplate } from '../../activities/templates/check';
import { loadTemplates } from '../../activities/templates/load';
import { eventsByName, loadDefinitions } from '../../config/definitions';
import { toJourney } from '../../engine/json/to-journey';
import { journeyDefinition } from '../../engine/json/schema';
import { explore } from '../../engine/explore';
import type { TemplateUse } from '../../engine/definitions/template-use';
import { API_DOCUMENT, apiDocument, JOURNEYS_DOCUMENT, journeysDocument } from '../../dev/docs';

const DOCS = join(__dirname, '..', '..', 'docs');

test('docs/api.md is up to date (run `npm run docs` to update it)', async () => {
  expect(readFileSync(API_DOCUMENT, 'utf8')).toBe(await apiDocument());
});

test('the definition in docs/definitions.md has no defects together with the shipped journeys', async () => {
  const [, json = ''] = /```json\n(.*?)```/s.exec(readFileSync(join(DOCS, 'definitions.md'), 'utf8')) ?? [];
  const folder = join(DOCS, '..', 'journeys');
  const definitions = await loadDefinitions(folder);
  const templates = await loadTemplates(folder);
  const journey = toJourney(
    'example',
    journeyDefinition.parse(JSON.parse(json)),
    eventsByName(definitions),
    definitions.channels,
  );
  const options = { with: definitions, checkTemplate: (use: TemplateUse) => checkTemplate(templates, use) };
  expect((await explore(journey, options)).defects).toEqual([]);
});

test('docs/journeys.md is up to date (run `npm run docs` to update it)', async () => {
  expect(readFileSync(JOURNEYS_DOCUMENT, 'utf8')).toBe(await journeysDocument());
});
