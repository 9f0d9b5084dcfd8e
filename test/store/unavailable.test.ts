import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { openDatabase } from '../../store/database';
import { isUnavailable } from '../../store/unavailable';

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
