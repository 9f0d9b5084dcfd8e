import { join } from 'node:path';
import { startApi, WRITE_KEY, type TestApi } from '../api/server';
import { expectStored, SIGNED_UP_AT } from './calls';
import { has, javaClients, runBeside } from './installed';

const hasMaven = has('mvn', '--version');
if (!hasMaven) process.stderr.write('SKIPPED: the clients for the JVM, because Maven is not on PATH\n');

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

(hasMaven ? test : test.skip)('Segment’s client for Java works unchanged', async () => {
  const since = Date.now();
  const program = join(__dirname, 'java', 'Calls.java');
  await runBeside('java', ['-cp', javaClients(), program, api.url, WRITE_KEY, 'ada', SIGNED_UP_AT]);
  const calls = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
  await expectStored(api, { user: 'ada', calls, since, timed: true });
});
