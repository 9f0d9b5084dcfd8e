import { join } from 'node:path';
import { startApi, WRITE_KEY, type TestApi } from '../api/server';
import { expectStored, SIGNED_UP_AT } from './calls';
import { pythonClients, runBeside } from './installed';

let api: TestApi;
let python: string;
beforeAll(async () => {
  python = pythonClients();
  api = await startApi();
});
afterAll(() => api.stop());

/** Runs a client. It exits with 1 when it could not deliver. */
function run(which: string, user: string, key = WRITE_KEY): Promise<string> {
  return runBeside(python, [join(__dirname, 'python', 'calls.py'), which, api.url, key, user, SIGNED_UP_AT]);
}

test.each(['segment', 'rudder'])('the client for Python of %s works unchanged', async (which) => {
  const since = Date.now();
  await run(which, `ada of ${which}`);
  const calls = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
  await expectStored(api, { user: `ada of ${which}`, calls, since, timed: true });
});

test('Segment’s client for Python reports a wrong key', async () => {
  await expect(run('segment', 'nobody', 'wrong')).rejects.toThrow('401');
});
