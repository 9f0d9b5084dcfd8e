import type { Running } from '../../config/run-alone';
import { signUserToken } from '../../config/tokens';
import { freePort } from '../../dev/port';
import { startServer } from '../../server';
import { EventStream } from '../api/event-stream';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

let stack: TestLifecycle;
let server: Running;
let url: string;
beforeAll(async () => {
  stack = await startLifecycle();
  const port = await freePort();
  server = await startServer({ ...stack.config, port });
  url = `http://127.0.0.1:${port}`;
  await stack.startWorker();
});
afterAll(() => stack.stop());

test('an open page shows the stage and the messages that a worker decides, and the server stops without waiting for it', async () => {
  const ada = stack.newUser();
  await stack.track(ada, 'Trial Started', { plan: 'free' });
  const stream = await EventStream.open(url, await signUserToken(stack.config.secret, ada, 60_000));
  const stage = (): unknown => (stream.state['profile'] as { stage: string } | undefined)?.stage;
  await until('the first stage', () => stage() === 'trial');
  await stack.track(ada, 'Project Created', { name: 'Ark' });
  await until('the next stage', () => stage() === 'customer');
  await stream.untilShows('in the app');
  await server.stop();
  await stream.untilEnds('stopping');
});
