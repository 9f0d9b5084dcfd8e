import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { nameServers } from './addresses-of';

/** Answers a question for an A record with an address, and every other with none (RFC 1035). */
function answer(question: Buffer): Buffer {
  const end = question.indexOf(0, 12) + 5;
  const header = Buffer.from(question.subarray(0, 12));
  const isA = question.readUInt16BE(end - 4) === 1;
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(isA ? 1 : 0, 6);
  header.writeUInt16BE(0, 10);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 1, 2, 3]);
  return Buffer.concat([header, question.subarray(12, end), ...(isA ? [record] : [])]);
}

test('the name servers are asked for all addresses of a name', async () => {
  const server = createSocket('udp4', (question, from) => server.send(answer(question), from.port, from.address));
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  expect(await nameServers([`127.0.0.1:${port}`])('inside.example.com')).toEqual(['10.1.2.3']);
  await new Promise<void>((resolve) => server.close(resolve));
});

test('a name server that is silent means no address', async () => {
  const server = createSocket('udp4');
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  expect(await nameServers([`127.0.0.1:${server.address().port}`])('push.example.com')).toEqual([]);
  await new Promise<void>((resolve) => server.close(resolve));
});
