import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiRoutes } from '../api/app';
import { openApi } from '../api/openapi';
import { catalogue, loadDefinitions } from '../config/definitions';
import { createLogger } from '../config/log';
import { systemClock } from '../engine/clock';
import { always } from '../engine/definitions';
import { openDatabase } from '../store/database';
import { apiMarkdown } from './api-markdown';

/** Where the description of the API is kept. */
export const API_DOCUMENT = join(__dirname, '..', 'docs', 'api.md');

/** docs/api.md as it should be. Nothing is connected: only the table of routes is looked at. */
export async function apiDocument(): Promise<string> {
  const definitions = await loadDefinitions(join(__dirname, '..', 'journeys'));
  const publicUrl = 'http://localhost:3000';
  const database = openDatabase('postgres://localhost/nobody-connects');
  const routes = apiRoutes({
    config: { writeKey: '', adminKey: '', secret: '', publicUrl },
    database,
    clock: systemClock,
    definitions: always(definitions),
    catalogue: catalogue(definitions),
    waker: { eventsPending: () => undefined },
    vapidPublicKey: '',
    templateProblem: () => null,
    checkTemplate: () => [],
    probeTemporal: () => Promise.resolve(),
    log: createLogger('docs', 'silent'),
  });
  await database.close();
  return apiMarkdown(openApi(routes, publicUrl));
}

/** Writes docs/api.md where it isn't current. */
async function write(): Promise<void> {
  const document = await apiDocument();
  if (readFileSync(API_DOCUMENT, { encoding: 'utf8', flag: 'a+' }) !== document) writeFileSync(API_DOCUMENT, document);
}

if (require.main === module)
  write().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
