import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { problemOf } from '../../api/problem-of';
import { retryOnConflict } from '../../store/conflict';
import { openDatabase } from '../../store/database';
import { isUnavailable } from '../../store/unavailable';
import { testDatabase } from '../support/database';

test('a database that takes the connection and never answers is one that can not be reached', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const database = openDatabase(`postgres://nobody@127.0.0.1:${port}/nothing`);
  const failures = await Promise.allSettled([database.pool.query('SELECT 1'), database.knex.raw('SELECT 1')]);
  expect(failures.map((failure) => failure.status === 'rejected' && isUnavailable(failure.reason))).toEqual([
    true,
    true,
  ]);
  await database.close();
  silent.close();
});

test.each([
  ['lost against others time and again', '40001'],
  ['was in a deadlock time and again', '40P01'],
  ['waited in vain for a lock', '55P03'],
  ['was cut off by its time limit', '57014'],
])('a statement that %s is one to try again later', async (_what, code) => {
  const database = await testDatabase();
  const raise = (): Promise<unknown> => database.pool.query(`DO $$ BEGIN RAISE SQLSTATE '${code}'; END $$`);
  const error: unknown = await retryOnConflict(raise).catch((thrown: unknown) => thrown);
  await database.drop();
  expect(problemOf(error)).toMatchObject({ status: 503, details: { retryAfter: expect.any(Number) } });
});

test('a statement that is wrong stays wrong', async () => {
  const database = await testDatabase();
  const error: unknown = await database.pool.query('SELECT nothing').catch((thrown: unknown) => thrown);
  await database.drop();
  expect(problemOf(error).status).toBe(500);
});
