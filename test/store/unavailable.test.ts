import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { problemOf } from '../../api/problem-of';
import { retryOnConflict } from '../../store/conflict';
import { openDatabase } from '../../store/database';
import { isUnavailable } from '../../store/unavailable';
import { testDatabase } from '../support/database';

test('a database that accepts the connection but never answers counts as unavailable', async () => {
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
  ['fails to serialize again and again', '40001'],
  ['deadlocks again and again', '40P01'],
  ['waits too long for a lock', '55P03'],
  ['exceeds its time limit', '57014'],
])('a statement that %s is answered with 503 and Retry-After', async (_what, code) => {
  const database = await testDatabase();
  const raise = (): Promise<unknown> => database.pool.query(`DO $$ BEGIN RAISE SQLSTATE '${code}'; END $$`);
  const error: unknown = await retryOnConflict(raise).catch((thrown: unknown) => thrown);
  await database.drop();
  expect(problemOf(error)).toMatchObject({ status: 503, details: { retryAfter: expect.any(Number) } });
});

test('an invalid statement is answered with 500', async () => {
  const database = await testDatabase();
  const error: unknown = await database.pool.query('SELECT nothing').catch((thrown: unknown) => thrown);
  await database.drop();
  expect(problemOf(error).status).toBe(500);
});
