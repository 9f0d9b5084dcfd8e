import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version as release } from '../../package.json';
import { freePort } from '../../dev/port';
import { ensureDatabase, startPostgres, type Postgres } from '../../dev/postgres';
import { openDatabase, type Database } from '../../store/database';
import { migrate } from '../../store/migrate';
import { goOn, UPGRADED, type WrittenDatabase } from './after';
import { begin } from './before';
import { dump, restore } from './dump';
import { writeGzipped } from './gzipped';
import { kindsInDatabase } from './kinds-in-database';
import { World } from './world';

/*
 * Writes a database of this release, with users who are inside journeys, and the outcomes that this release reaches for them:
 * `npx tsx test/upgrade/write-database.ts`. The file of 0.1.0 was written by the last commit before step records got fields for
 * what only reasons and facts had told. Run it again only for a new release that stores something else, which gets a folder of
 * its own. A file that later code writes proves nothing about the earlier release.
 */

async function withDatabase<Result>(
  postgres: Postgres,
  name: string,
  prepare: (url: string) => Promise<unknown>,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  await ensureDatabase(postgres, name);
  await prepare(postgres.url(name));
  const database = openDatabase(postgres.url(name));
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-written-'));
  const postgres = await startPostgres({ folder, preferredPort: await freePort(), settings: { fsync: 'off' } });
  try {
    const written = await withDatabase(postgres, 'before', migrate, async (database) => {
      await begin(new World(database));
      return dump(database);
    });
    const outcomes = await withDatabase(
      postgres,
      'after',
      (url) => restore(url, written),
      (database) => goOn(new World(database, UPGRADED)),
    );
    const data: WrittenDatabase = { dump: written, outcomes };
    for (const [table, rows] of Object.entries(written.tables)) console.log(`${rows.length} rows in ${table}`);
    for (const [kind, count] of kindsInDatabase(written.tables)) console.log(`${String(count).padStart(5)} ${kind}`);
    console.log(`${writeGzipped(release, 'database.json.gz', data)} bytes`);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
