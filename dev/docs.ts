import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiRoutes } from '../api/app';
import { openApi, type OpenApi } from '../api/openapi';
import { exploreAll } from '../cli/explore-all';
import { catalogue, loadDefinitions } from '../config/definitions';
import { createLogger } from '../config/log';
import { systemClock } from '../engine/model/clock';
import { staticDefinitions } from '../engine/definitions/definitions';
import { openDatabase } from '../store/database';
import { apiMarkdown } from './api-markdown';
import { cookbookEntries, EXAMPLES } from './cookbook';
import { cookbookMarkdown } from './cookbook-markdown';
import { journeysMarkdown } from './journeys-markdown';

/** The file with the description of the API. */
export const API_DOCUMENT = join(__dirname, '..', 'docs', 'api.md');
/** The file with the diagrams of the shipped journeys. */
export const JOURNEYS_DOCUMENT = join(__dirname, '..', 'docs', 'journeys.md');
/** The file with the examples. */
export const COOKBOOK_DOCUMENT = join(__dirname, '..', 'docs', 'cookbook.md');

const JOURNEYS = join(__dirname, '..', 'journeys');

/** Makes the OpenAPI document from the table of routes, without connecting to any server. */
export async function describedApi(): Promise<OpenApi> {
  const definitions = await loadDefinitions(JOURNEYS);
  const publicUrl = 'http://localhost:3000';
  const database = openDatabase('postgres://localhost/nobody-connects');
  const routes = apiRoutes({
    config: { writeKey: '', adminKey: '', secret: '', mergeUsersWith: 'admin-key', publicUrl, trustedProxies: 0 },
    database,
    clock: systemClock,
    definitions: staticDefinitions(definitions),
    catalogue: catalogue(definitions),
    setups: definitions.setups,
    waker: { eventsPending: () => undefined },
    sdk: new Map(),
    pages: { admit: () => undefined, open: () => undefined },
    vapidPublicKey: '',
    templateProblem: () => null,
    checkTemplate: () => [],
    probeTemporal: () => Promise.resolve(),
    log: createLogger('docs', 'silent'),
  });
  await database.close();
  return openApi(routes, publicUrl);
}

/** Generates docs/api.md. */
export async function apiDocument(): Promise<string> {
  return apiMarkdown(await describedApi());
}

/** Generates docs/journeys.md from the shipped journeys. */
export async function journeysDocument(): Promise<string> {
  return journeysMarkdown(await exploreAll(JOURNEYS));
}

/** Generates docs/cookbook.md from the examples. */
export async function cookbookDocument(): Promise<string> {
  return cookbookMarkdown(cookbookEntries(), await exploreAll(EXAMPLES));
}

/** Writes the generated documents that have changed. */
async function write(): Promise<void> {
  writeIfChanged(API_DOCUMENT, await apiDocument());
  writeIfChanged(JOURNEYS_DOCUMENT, await journeysDocument());
  writeIfChanged(COOKBOOK_DOCUMENT, await cookbookDocument());
}

function writeIfChanged(file: string, document: string): void {
  if (readFileSync(file, { encoding: 'utf8', flag: 'a+' }) !== document) writeFileSync(file, document);
}

if (require.main === module)
  write().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
