import { randomUUID } from 'node:crypto';
import { query } from '../../dev/postgres';
import { STATE_FORMAT } from '../../engine/model/state';
import { openDatabase, type Database } from '../../store/database';
import { claimMessage } from '../../store/claims';
import { migrate } from '../../store/migrate';
import { listStored } from '../../store/stored-journeys';
import { rig } from '../support/rig';
import { DAY, goOn, UPGRADE, UPGRADED, type WrittenDatabase } from './after';
import { restore } from './dump';
import { readGzipped } from './gzipped';
import { EDITED } from './journeys/code';
import { World } from './world';

/** A database that 0.1.0 wrote is migrated, and every user in it goes on as they would have under 0.1.0. */

const { dump, outcomes } = readGzipped('0.1.0', 'database.json.gz') as WrittenDatabase;

let database: Database;
let drop: () => Promise<unknown>;
beforeEach(async () => {
  const { postgres } = rig();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await query(postgres, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(postgres), { pathname: `/${name}` }).href;
  database = openDatabase(url);
  drop = () => query(postgres, `DROP DATABASE ${name} WITH (FORCE)`);
  await restore(url, dump);
  await migrate(url);
});
afterEach(async () => {
  await database.close();
  await drop();
});

test('every user goes on as they would have under 0.1.0', async () => {
  const { afterADay, afterFortyDays } = await goOn(new World(database, UPGRADED));
  for (const [reached, expected] of [
    [afterADay, outcomes.afterADay],
    [afterFortyDays, outcomes.afterFortyDays],
  ] as const) {
    for (const [user, outcome] of Object.entries(expected)) expect([user, reached[user]]).toEqual([user, outcome]);
    expect(Object.keys(reached)).toEqual(Object.keys(expected));
  }
});

test('the stored journeys run as they were published', async () => {
  const world = new World(database, UPGRADED);
  await world.takeUp(EDITED);
  expect(world.problems).toEqual([]);
  const stored = world.inForce.current.journeys.filter((journey) => journey.stored !== undefined);
  expect(stored.map(({ id, stored: kept }) => [id, kept?.version, kept?.paused])).toEqual([
    ['course', 3, false],
    ['survey', 1, true],
  ]);
  expect((await listStored(database)).map(({ id, status, version }) => [id, status, version])).toEqual([
    ['archived', 'archived', 1],
    ['course', 'active', 3],
    ['draft', 'draft', null],
    ['survey', 'paused', 1],
  ]);
});

test('a state in the format of 0.1.0 is read, and saved in the current format', async () => {
  const world = new World(database, UPGRADED);
  await world.takeUp(EDITED);
  expect(await database.knex('users').whereNotNull('memory').distinct('state_format')).toEqual([{ state_format: 1 }]);
  for (const user of await world.users()) await world.look(user, UPGRADE + DAY);
  expect(await database.knex('users').distinct('state_format')).toEqual([{ state_format: STATE_FORMAT }]);
});

test('messages that were being delivered are claimed and delivered', async () => {
  const world = new World(database, UPGRADED);
  await world.takeUp(EDITED);
  const open = (await database.knex('messages').whereIn('status', ['sending', 'retrying']).pluck('id')) as string[];
  expect(open.length).toBeGreaterThan(10);
  for (const user of await world.users()) await world.look(user, UPGRADE);
  const left = (await database
    .knex('messages')
    .whereIn('id', open)
    .whereIn('status', ['sending', 'retrying'])
    .pluck('id')) as string[];
  expect(left.length).toBeGreaterThan(10);
  // Claims that ran out are first taken away.
  const lost = (await database.knex('messages').where({ status: 'sending' }).pluck('id')) as string[];
  for (const id of lost) await claimMessage(database.pool, id, world.releaseNumber, {});
  await database.knex('messages').whereIn('id', lost).update({ lease_until: null });
  for (const id of left)
    expect(await claimMessage(database.pool, id, world.releaseNumber, {})).toMatchObject({
      kind: 'claimed',
      message: { id, attempts: 2 },
    });
});
