import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DiffReport } from '../../cli/diff/report';
import { freePort } from '../../dev/port';
import { DATABASE, ensureDatabase, startPostgres } from '../../dev/postgres';
import { loadDefinitions } from '../../config/definitions';
import { openDatabase, type Database } from '../../store/database';
import { migrate } from '../../store/migrate';
import { testDatabase } from '../support/database';
import { inTemporaryFolder } from '../support/folder';
import { VirtualUser } from '../support/virtual-user';
import { ROOT, sojourn } from './repository';

const DAY = 86_400_000;
const JOURNEYS = join(ROOT, 'journeys');

/** Stores a user who signed up some days ago. */
async function signUp(database: Database, id: string, daysAgo: number): Promise<void> {
  const at = Date.now() - daysAgo * DAY;
  const person = new VirtualUser(database, id, await loadDefinitions(JOURNEYS));
  const when = { at, receivedAt: at };
  await person.receive({
    id: '1',
    type: 'identify',
    name: 'Identify',
    properties: { email: `${id}@example.com` },
    ...when,
  });
  await person.receive({ id: '2', name: 'Signed Up', properties: { plan: 'free' }, ...when });
}

const people = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);

test('an exported file gives the same report as the database, and only its owner can read it', () =>
  inTemporaryFolder(async (folder) => {
    const database = await testDatabase();
    await signUp(database, 'ada', 3);
    await signUp(database, 'bob', 20);
    // Consent may be about a channel of the team's own.
    await database
      .knex('users')
      .where({ id: 'bob' })
      .update({ consent: { email: true, line: false } });
    const environment = { DATABASE_URL: database.url };
    const file = join(folder, 'events.jsonl');
    expect(await sojourn(['export-events', file, '--since', '7 days'], environment)).toMatchObject({ code: 0 });
    expect(people(file)).toEqual(['ada']);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    await sojourn(['export-events', file], environment);
    expect(people(file)).toEqual(['ada', 'bob']);
    const compare = async (...more: string[]): Promise<unknown> => {
      const { stdout } = await sojourn(['diff', JOURNEYS, JOURNEYS, '--json', ...more], environment);
      return (JSON.parse(stdout) as DiffReport).backtest;
    };
    expect(await compare('--events', file)).toEqual(await compare());
    await database.drop();
  }));

test('the embedded database of a folder is used while it runs', () =>
  inTemporaryFolder(async (folder) => {
    const postgres = await startPostgres({ folder: join(folder, '.sojourn'), preferredPort: await freePort() });
    await ensureDatabase(postgres, DATABASE);
    await migrate(postgres.url(DATABASE));
    const database = openDatabase(postgres.url(DATABASE));
    await signUp(database, 'ada', 1);
    await database.close();
    expect(await sojourn(['export-events', 'events.jsonl'], { DATABASE_URL: '' }, folder)).toMatchObject({ code: 0 });
    expect(people(join(folder, 'events.jsonl'))).toEqual(['ada']);

    await postgres.stop();
    const { code, stderr } = await sojourn(['export-events', 'events.jsonl'], { DATABASE_URL: '' }, folder);
    expect([code, stderr]).toEqual([1, 'No database found. Set DATABASE_URL, or run npm start in this folder.\n']);
  }));
