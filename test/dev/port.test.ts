import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort, isFree } from '../../dev/port';

test.each(['127.0.0.1', '::1', '::'])('a port that a program has only at %s is not free', async (host) => {
  const port = await freePort();
  expect(await isFree(port)).toBe(true);
  const other = createServer().listen(port, host);
  await once(other, 'listening');
  expect(await isFree(port)).toBe(false);
  expect(await freePort(port)).not.toBe(port);
  other.close();
});
