import { join } from 'node:path';
import { startApi, WRITE_KEY, type TestApi } from '../api/server';
import { expectStored, SIGNED_UP_AT } from './calls';
import { nodeClients, runBeside } from './installed';

let api: TestApi;
let clients: string;
beforeAll(async () => {
  clients = nodeClients();
  api = await startApi();
});
afterAll(() => api.stop());

/** Runs RudderStack's client in a process of its own. It exits with 1 when it could not deliver. */
function rudder(url: string, user: string, key = WRITE_KEY): Promise<string> {
  return runBeside(process.execPath, [join(__dirname, 'node', 'rudder.cjs'), clients, url, key, user, SIGNED_UP_AT]);
}

test('RudderStack’s client for Node works unchanged', async () => {
  const since = Date.now();
  await rudder(api.url, 'ada');
  const calls = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
  await expectStored(api, { user: 'ada', calls, since, timed: true });
  const visits = await api.database.knex('events').where({ name: 'Visited' }).pluck('user_id');
  expect(visits).toEqual(['anon:visitor of ada']);
});

test('RudderStack’s client for Node reports a wrong key', async () => {
  await expect(rudder(api.url, 'nobody', 'wrong')).rejects.toThrow('Unauthorized');
  expect(await api.database.knex('events').where({ user_id: 'nobody' })).toEqual([]);
});
