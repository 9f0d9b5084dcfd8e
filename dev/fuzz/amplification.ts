import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Config } from '../../config/config';

/** An answer may have this many times the bytes of its request as sent, and beyond that a list of errors of a bounded size. */
const TIMES = 20;
const LIST_BYTES = 80 * 1024;
/** No request may keep the others waiting longer. CPU milliseconds. */
const MOST_CPU_MS = 100;
/**
 * Each request is sent until one was quick enough, and at most this often. The first time, code is compiled, now and then memory is
 * cleared, and beside other checks the same work takes more CPU.
 */
const ROUNDS = 12;

interface Hostile {
  readonly what: string;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body: string;
}

const ENTER = '"enter":{"kind":"event","event":"Signed Up"}';
const many = (item: string, bytes: number): string =>
  Array(Math.floor(bytes / (item.length + 1)))
    .fill(item)
    .join();
const numbered = (count: number, item: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => item(n)).join();

/** Bodies that are small when compressed, and much work or a long answer when read. */
function hostile(): Hostile[] {
  const batch = (what: string, calls: string): Hostile => ({
    what: `a batch of ${what}`,
    method: 'POST',
    path: '/v1/batch',
    body: `{"batch":[${calls}]}`,
  });
  const definition = (what: string, rest: string): Hostile[] =>
    (['PUT /v1/journeys/fuzzed', 'POST /v1/journeys/fuzzed/preview'] as const).map((route) => {
      const [method, path] = route.split(' ') as ['PUT' | 'POST', string];
      return { what: `${route} with ${what}`, method, path, body: `{${ENTER},${rest}}` };
    });
  const nested = (depth: number): string => (depth === 0 ? '{}' : `{"in":[${nested(depth - 1)},${nested(depth - 1)}]}`);
  const check = (n: number, rest: string): string => `{"kind":"check","step":"s${n}","if":true,${rest}}`;
  return [
    batch('numbers', many('1', 500_000)),
    batch(
      'as many numbers as it may have',
      numbered(10_000, () => '1'),
    ),
    batch(
      'as many empty calls as it may have',
      numbered(10_000, () => '{"type":"track"}'),
    ),
    batch(
      'short calls',
      numbered(9_000, (n) => `{"type":"track","userId":${n % 50},"event":"E"}`),
    ),
    batch(
      'one call with many wrong fields',
      `{"type":"track","userId":"u","event":"","context":{${numbered(30_000, (n) => `"k${n}":[]`)}}}`,
    ),
    ...definition('steps that are none', `"steps":[${numbered(90, (n) => check(n, `"then":[${many('{}', 300)}]`))}]`),
    ...definition(
      'many events',
      `"steps":[{"kind":"exit","step":"out"}],"events":{${numbered(20_000, (n) => `"k${n}":1`)}}`,
    ),
    ...definition('nested conditions', `"steps":[{"kind":"check","step":"s","if":${nested(11)}}]`),
    ...definition(
      'as many steps as it may have',
      `"steps":[${numbered(100, (n) => check(n, '"then":[{"kind":"sleep","step":"x"}]'))}]`,
    ),
    {
      what: 'a message by many channels',
      method: 'POST',
      path: '/v1/messages',
      body: `{"userId":"ada","template":"none","channels":[${many('"email"', 400_000)}]}`,
    },
    {
      what: 'a conversation of many people',
      method: 'PUT',
      path: '/v1/chats/delivery/crowd',
      body: `{"participants":[${many('{"role":1}', 400_000)}]}`,
    },
    {
      what: 'consent for many channels',
      method: 'PUT',
      path: '/v1/users/ada/consent',
      body: `{${numbered(30_000, (n) => `"c${n}":1`)}}`,
    },
  ];
}

/** Sends hostile requests. Returns one sentence for each answer that is too large, and each request that held up the process. */
export async function amplifications(config: Config): Promise<string[]> {
  const findings: string[] = [];
  for (const request of hostile()) {
    let cpu = Infinity;
    for (let round = 0; round < ROUNDS && cpu > MOST_CPU_MS; round++) {
      const { bytes, sent, longest, status } = await measured(config, request);
      cpu = Math.min(cpu, longest);
      if (round > 0) continue;
      if (bytes > TIMES * sent + LIST_BYTES)
        findings.push(`${request.what}: ${sent} bytes were answered with ${bytes}.`);
      if (status >= 500) findings.push(`${request.what}: the status was ${status}.`);
    }
    if (cpu > MOST_CPU_MS) findings.push(`${request.what}: it held up other requests for ${Math.round(cpu)} ms.`);
  }
  return findings;
}

/**
 * Sends one request. `longest` is the longest turn of the event loop meanwhile, in milliseconds of CPU. The time on the clock would
 * depend on what else the machine does.
 */
async function measured(
  { publicUrl, writeKey, adminKey }: Config,
  { method, path, body }: Hostile,
): Promise<{ bytes: number; sent: number; longest: number; status: number }> {
  const sent = gzipSync(body, { level: 9 });
  const authorization = path === '/v1/batch' ? `Basic ${btoa(`${writeKey}:`)}` : `Bearer ${adminKey}`;
  const headers = { authorization, 'content-type': 'application/json', 'content-encoding': 'gzip' };
  let longest = 0;
  const answered = new AbortController();
  const watching = (async () => {
    while (!answered.signal.aborted) {
      const before = process.cpuUsage();
      await setImmediate();
      const { user, system } = process.cpuUsage(before);
      longest = Math.max(longest, (user + system) / 1_000);
    }
  })();
  const response = await fetch(publicUrl + path, { method, headers, body: sent });
  const { byteLength: bytes } = await response.arrayBuffer();
  answered.abort();
  await watching;
  return { bytes, sent: sent.length, longest, status: response.status };
}
