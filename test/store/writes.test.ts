import { query } from '../../dev/postgres';
import { openDatabase, type Database } from '../../store/database';
import { startApi } from '../api/server';
import { testDatabase, type TestDatabase } from '../support/database';
import { rig } from '../support/rig';

let db: TestDatabase;
beforeAll(async () => void (db = await testDatabase()));
afterAll(() => db.drop());

/** Makes new connections to the database read-only, as those to a standby are, or lets them write again. */
async function readOnly(on: boolean): Promise<void> {
  const name = new URL(db.url).pathname.slice(1);
  await query(rig().postgres, `ALTER DATABASE ${name} SET default_transaction_read_only = ${on ? 'on' : 'off'}`);
}

async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const database = openDatabase(db.url);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

const full = (database: Database): Promise<unknown> =>
  database.pool.query(`DO $$ BEGIN RAISE SQLSTATE '53100'; END $$`).catch(() => undefined);

test('a database that refuses to store anything is not ready, and ready again when it does', async () => {
  await readOnly(true);
  await withDatabase(async (database) => {
    await expect(database.writes.check(database.pool)).rejects.toMatchObject({ code: '25006' });
  });
  await readOnly(false);
  await withDatabase((database) => database.writes.check(database.pool));
});

test('after a full disk was met, readiness asks for room before it says that there is some', async () => {
  await withDatabase(async (database) => {
    const asked = jest.spyOn(database.pool, 'query');
    await database.writes.check(database.pool);
    await full(database);
    await database.writes.check(database.pool);
    await database.writes.check(database.pool);
    const trials = asked.mock.calls.map(([text]) => text.startsWith('CREATE TEMPORARY TABLE'));
    //            check, full, check with a trial, check
    expect(trials).toEqual([false, false, false, true, false]);
  });
});

test('/readyz tells', async () => {
  await readOnly(true);
  const database = openDatabase(db.url);
  const api = await startApi({ database });
  expect(await api.call('GET', '/readyz')).toMatchObject({
    status: 503,
    body: { ready: false, parts: [{ part: 'postgres', ready: false }, {}] },
  });
  expect((await api.call('GET', '/healthz')).status).toBe(200);
  await api.stop();
  await database.close();
  await readOnly(false);
});
