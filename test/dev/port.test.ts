import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort, isFree, onFreePort } from '../../dev/port';

test.each(['127.0.0.1', '::1', '::'])('a port that a program has only at %s is not free', async (host) => {
  const port = await freePort();
  expect(await isFree(port)).toBe(true);
  const other = createServer().listen(port, host);
  await once(other, 'listening');
  expect(await isFree(port)).toBe(false);
  expect(await freePort(port)).not.toBe(port);
  other.close();
});

test('if another program takes the port before the server does, the server starts on another port', async () => {
  const other = createServer();
  const asked: number[] = [];
  const start = async (port: number): Promise<number> => {
    asked.push(port);
    if (asked.length > 1) return port;
    other.listen(port, '127.0.0.1');
    await once(other, 'listening');
    throw new Error('address already in use');
  };
  const preferred = await freePort();
  const port = await onFreePort(start, preferred);
  expect(asked).toEqual([preferred, port]);
  expect(port).not.toBe(preferred);
  other.close();
});

test('a server that ends for another reason is not started again', async () => {
  const start = jest.fn((port: number) => Promise.reject(new Error(`no ${typeof port}`)));
  await expect(onFreePort(start)).rejects.toThrow('no number');
  expect(start).toHaveBeenCalledTimes(1);
});
