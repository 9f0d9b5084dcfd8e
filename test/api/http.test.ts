import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { createHttpServer } from '../../api/http-server';
import { DEFAULT_LIMITS } from '../../api/limits';
import { signUnsubscribe, signUserToken } from '../../config/tokens';
import { areWaiting, holdUser } from '../support/locks';
import { until } from '../support/until';
import { ADMIN_KEY, SECRET, startApi, WRITE_KEY, type Answer, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const TRACK = JSON.stringify({ userId: 'ada', event: 'Clicked' });
const JSON_TYPE = { 'content-type': 'application/json' };
const BASIC = { authorization: `Basic ${btoa(`${WRITE_KEY}:`)}` };

describe('authentication', () => {
  test.each([
    ['no credentials', {}],
    ['a wrong write key', { authorization: `Basic ${btoa('wrong:')}` }],
    ['the write key as password', { authorization: `Basic ${btoa(`:${WRITE_KEY}`)}` }],
    ['a prefix of the write key', { authorization: `Basic ${btoa(`${WRITE_KEY.slice(0, -1)}:`)}` }],
    ['a prefix of the admin key', { authorization: `Bearer ${ADMIN_KEY.slice(0, -1)}` }],
    ['a malformed header', { authorization: 'Basic \u00ff%%%' }],
    ['an empty header', { authorization: '' }],
  ])('an event with %s is refused', async (_what, headers) => {
    const answer = await api.call('POST', '/v1/track', { headers: { ...JSON_TYPE, ...headers }, body: TRACK });
    expect(answer).toMatchObject({
      status: 401,
      body: { status: 401, title: 'Unauthorized', detail: expect.any(String) },
    });
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="sojourn"');
  });

  test('the write key may be in a text/plain body, as Segment’s browser clients send it', async () => {
    const body = JSON.stringify({ userId: 'browser', event: 'Clicked', writeKey: WRITE_KEY });
    const headers = { 'content-type': 'text/plain', origin: 'https://app.example.com' };
    const answer = await api.call('POST', '/v1/track', { headers, body });
    expect(answer).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const wrong = JSON.stringify({ userId: 'browser', event: 'Clicked', writeKey: ['x'] });
    expect((await api.call('POST', '/v1/track', { headers, body: wrong })).status).toBe(401);
  });

  test.each([
    ['GET', '/v1/users/ada'],
    ['DELETE', '/v1/users/ada'],
    ['GET', '/v1/users/ada/timeline'],
    ['PUT', '/v1/users/ada/consent'],
    ['POST', '/v1/users/ada/token'],
    ['GET', '/v1/journeys'],
    ['POST', '/v1/messages'],
    ['GET', '/v1/inbox'],
    ['POST', '/v1/push/subscriptions'],
    ['PUT', '/v1/preferences'],
  ])('the write key gives no access to %s %s', async (method, path) => {
    expect((await api.call(method, path, { headers: BASIC })).status).toBe(401);
    expect((await api.call(method, path, { headers: { authorization: `Bearer ${WRITE_KEY}` } })).status).toBe(401);
  });
});

describe('a request that can’t be served gets a problem document', () => {
  const problem = (status: number): object => ({
    status,
    body: {
      type: 'about:blank',
      status,
      title: expect.any(String),
      detail: expect.any(String),
      requestId: expect.any(String),
    },
  });

  test.each([
    ['an unknown path', 'GET', '/v1/nothing', 404],
    ['a method the path does not have', 'DELETE', '/v1/track', 405],
    ['a path with an invalid encoding', 'GET', '/v1/users/%E0%A4%A', 400],
  ])('%s', async (_what, method, path, status) => {
    const answer = await api.call(method, path, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    expect(answer).toMatchObject(problem(status));
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  test.each([
    ['malformed JSON', JSON_TYPE, '{"userId":', 400],
    ['an unsupported type', { 'content-type': 'application/xml' }, TRACK, 415],
    ['a type for files', { 'content-type': 'multipart/form-data; boundary=x' }, TRACK, 415],
    ['an unknown charset', { 'content-type': 'application/json; charset=klingon' }, TRACK, 415],
    ['an unknown encoding', { ...JSON_TYPE, 'content-encoding': 'zip' }, TRACK, 415],
    ['another encoding than declared', { ...JSON_TYPE, 'content-encoding': 'gzip' }, TRACK, 400],
    [
      'half of its compressed bytes',
      { ...JSON_TYPE, 'content-encoding': 'gzip' },
      gzipSync(TRACK).subarray(0, 20),
      400,
    ],
    [
      'too many bytes',
      JSON_TYPE,
      JSON.stringify({ userId: 'a', event: 'b', properties: { x: 'x'.repeat(600_000) } }),
      413,
    ],
    [
      'too many bytes once decompressed',
      { ...JSON_TYPE, 'content-encoding': 'gzip' },
      gzipSync(Buffer.alloc(300_000_000, 0x20)),
      413,
    ],
    ['no content', JSON_TYPE, '', 422],
  ])('a body with %s', async (_what, headers, body, status) => {
    expect(await api.call('POST', '/v1/track', { headers: { ...BASIC, ...headers }, body })).toMatchObject(
      problem(status),
    );
  });

  test('an admin route takes only JSON that is called so', async () => {
    const authorization = `Bearer ${ADMIN_KEY}`;
    const body = Buffer.from(JSON.stringify({ email: false }));
    for (const headers of [
      {},
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
    ])
      expect(
        await api.call('PUT', '/v1/users/ada/consent', { headers: { authorization, ...headers }, body }),
      ).toMatchObject(problem(415));
  });

  test('each invalid field is named', async () => {
    expect(await api.write('/v1/track', { userId: 'ada', event: 5, context: { active: 'no' } })).toMatchObject({
      ...problem(422),
      body: { errors: [{ pointer: '/context/active' }, { pointer: '/event' }] },
    });
    expect(await api.admin('GET', '/v1/users/ada/timeline?limit=0&order=sideways')).toMatchObject({
      ...problem(422),
      body: { errors: [{ pointer: 'order' }, { pointer: 'limit' }] },
    });
  });
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('a body compressed with %s is read', async (encoding, compress) => {
  const headers = { ...BASIC, ...JSON_TYPE, 'content-encoding': encoding };
  expect((await api.call('POST', '/v1/track', { headers, body: compress(TRACK) })).status).toBe(200);
});

describe('a request that can’t be parsed', () => {
  /** Sends all bytes before it reads, as most clients do, and returns the answer. Throws if the connection is reset. */
  const raw = async (bytes: string): Promise<string> => {
    const { port, hostname } = new URL(api.url);
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => {
      socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
    socket.end();
    return text(socket);
  };

  test.each([
    ['with a path a little too long', `GET /u/${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['with a path far too long', `GET /u/${'x'.repeat(5_000_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['with headers too long', `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
    ['that is not HTTP', `HELO mail.example.com\r\n`, 400],
    [
      'that ends too soon',
      `POST /v1/track HTTP/1.1\r\nHost: x\r\nAuthorization: ${BASIC.authorization}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
      400,
    ],
    [
      'with a malformed chunk',
      `POST /v1/track HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n`,
      400,
    ],
  ])('%s gets a complete problem document', async (_what, bytes, status) => {
    const answers = await Promise.all(Array.from({ length: 3 }, () => raw(bytes)));
    for (const answer of answers) {
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} .*\\r\\nContent-Type: application/problem\\+json`, 'i'));
      expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
        status,
        detail: expect.any(String),
      });
    }
  });

  test.each([
    ['one in progress', ''],
    ['one with others queued behind it', 'GET /waits HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2)],
  ])('is not answered in the middle of another response: %s', async (_what, others) => {
    const half = createHttpServer((request, response) => {
      if (request.url === '/') response.write('the first half');
    }, api.deps.log).listen(0);
    await once(half, 'listening');
    const socket = connect((half.address() as AddressInfo).port);
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\n\r\n${others}`);
    await once(socket, 'readable');
    socket.write('nonsense\r\n\r\n');
    const answer = await text(socket);
    half.closeAllConnections();
    half.close();
    expect(answer).not.toContain('400');
  });
});

test('a client that hangs up in the middle of its body is not logged as an error, and others are served', async () => {
  const { port, hostname } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [
    'POST /v1/track HTTP/1.1',
    'Host: x',
    `Authorization: ${BASIC.authorization}`,
    'Content-Type: application/json',
  ];
  socket.write([...head, 'X-Request-Id: hung-up', 'Content-Length: 1000', '', '{"userId":'].join('\r\n'));
  socket.destroy();
  const line = await until('the request is logged', () => api.log.find(({ requestId }) => requestId === 'hung-up'));
  expect(line).toMatchObject({ level: 30, route: '/v1/track' });
  expect((await api.write('/v1/track', JSON.parse(TRACK))).status).toBe(200);
});

test('a request whose client hung up before the answer is not logged as answered', async () => {
  await api.write('/v1/track', { userId: 'slow', event: 'Clicked' });
  const release = await holdUser(api.database.knex, 'slow');
  const impatience = new AbortController();
  const headers = { ...BASIC, 'content-type': 'application/json', 'x-request-id': 'impatient' };
  const body = '{"userId":"slow","event":"Clicked"}';
  const answer = fetch(`${api.url}/v1/track`, { method: 'POST', headers, body, signal: impatience.signal });
  await until('it waits', () => areWaiting(api.database.pool, 1));
  impatience.abort();
  await expect(answer).rejects.toThrow();
  const line = await until('the request is logged', () => api.log.find(({ requestId }) => requestId === 'impatient'));
  expect(line).toMatchObject({ level: 30, route: '/v1/track', status: 499 });
  await release();
});

describe('the request id', () => {
  const idOf = async (given: string): Promise<string | null> =>
    (await api.call('GET', '/healthz', { headers: { 'x-request-id': given } })).headers.get('x-request-id');

  test('is the caller’s if it is safe to log, and a generated one otherwise', async () => {
    expect(await idOf('trace-1:2.3_4')).toBe('trace-1:2.3_4');
    expect(await idOf('{"a":1}')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf('x'.repeat(101))).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is in the response and in the log line', async () => {
    const headers = { 'x-request-id': 'the-same' };
    expect((await api.call('GET', '/nowhere', { headers })).body).toMatchObject({ requestId: 'the-same' });
    expect(await until('it is logged', () => api.log.find(({ requestId }) => requestId === 'the-same'))).toMatchObject({
      status: 404,
    });
  });
});

test('logs name routes by their pattern and contain no personal data', async () => {
  const secret = 'grace@example.com';
  await api.write('/v1/identify', { userId: secret, traits: { email: secret } });
  await api.write('/v1/track', { userId: secret, event: secret, properties: [secret] });
  await api.admin('GET', `/v1/users/${secret}?${secret}`);
  await api.call('GET', `/${secret}`);
  const lines = await until('all are logged', () => (api.log.some(({ status }) => status === 404) ? api.log : null));
  expect(lines.map(({ route }) => route)).toEqual(
    expect.arrayContaining(['/v1/identify', '/v1/users/{id}', 'unknown']),
  );
  expect(JSON.stringify(lines)).not.toContain('grace');
  expect(JSON.stringify(lines)).not.toContain(WRITE_KEY);
});

test('responses about users must not be cached; the description of the API may be', async () => {
  await api.write('/v1/track', { userId: 'kept', event: 'Clicked' });
  const unsubscribe = signUnsubscribe(SECRET, { userId: 'kept', channel: 'email', messageId: 'm' });
  const own = { authorization: `Bearer ${await signUserToken(SECRET, 'kept', 60_000)}` };
  const caching = ({ status, headers }: Answer): unknown => [status, headers.get('cache-control')];
  expect(caching(await api.admin('GET', '/v1/users/kept'))).toEqual([200, 'no-store']);
  expect(caching(await api.admin('GET', '/v1/users/kept/timeline'))).toEqual([200, 'no-store']);
  expect(caching(await api.admin('POST', '/v1/users/kept/token'))).toEqual([201, 'no-store']);
  expect(caching(await api.call('GET', '/v1/inbox', { headers: own }))).toEqual([200, 'no-store']);
  expect(caching(await api.call('GET', '/v1/preferences', { headers: own }))).toEqual([200, 'no-store']);
  expect(caching(await api.call('GET', `/u/${unsubscribe}`))).toEqual([200, 'no-store']);
  expect(caching(await api.admin('GET', '/v1/users/nobody'))).toEqual([404, 'no-store']);
  expect(caching(await api.call('GET', '/docs'))).toEqual([200, null]);
  expect(caching(await api.call('GET', '/v1/openapi.json'))).toEqual([200, null]);
});

test('preflight requests are answered on the routes that browsers use', async () => {
  const answer = await api.call('OPTIONS', '/v1/inbox/1/seen', {
    headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
  });
  expect(answer.status).toBe(204);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': expect.stringContaining('Authorization'),
  });
  expect((await api.call('OPTIONS', '/v1/users/ada')).status).toBe(405);
});

test('a preflight request is allowed the headers it asks for, whatever they are', async () => {
  const allowed = async (path: string, asked: string): Promise<string | null> => {
    const headers = { origin: 'https://app.example.com', 'access-control-request-headers': asked };
    const answer = await api.call('OPTIONS', path, { headers });
    expect([answer.status, answer.headers.get('vary')]).toEqual([204, 'Access-Control-Request-Headers']);
    return answer.headers.get('access-control-allow-headers');
  };
  for (const asked of ['authorization,content-type,x-retry-count', 'anonymousid, sentat, rsa-retry-attempt']) {
    expect(await allowed('/v1/track', asked)).toBe(asked);
    expect(await allowed('/v1/inbox', asked)).toBe(asked);
  }
  expect(await allowed('/v1/track', 'no list')).toBe('Authorization, Content-Type, Content-Encoding, X-Request-Id');
});

describe('an event is read as JSON', () => {
  const TYPES = [
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    'text/plain',
    'application/json',
    null,
  ];
  test.each(TYPES.flatMap((type) => [true, false].map((zipped) => [type, zipped] as const)))(
    'with the type %s, compressed: %s',
    async (type, zipped) => {
      const userId = `typed ${type ?? 'not'} ${zipped}`;
      const headers = {
        ...BASIC,
        ...(type && { 'content-type': type }),
        ...(zipped && { 'content-encoding': 'gzip' }),
      };
      for (const path of ['/v1/track', '/v1/batch']) {
        const call = { type: 'track', userId, event: 'Clicked' };
        const json = Buffer.from(JSON.stringify(path === '/v1/track' ? call : { batch: [call] }));
        const answer = await api.call('POST', path, { headers, body: zipped ? gzipSync(json) : json });
        expect(answer).toMatchObject({ status: 200, body: { accepted: 1 } });
      }
    },
  );
});

describe('rate limits', () => {
  let limited: TestApi;
  beforeAll(async () => {
    limited = await startApi({ limits: { ...DEFAULT_LIMITS, writeKey: 3, refused: 2, public: 1_000 } });
  });
  afterAll(() => limited.stop());

  test('a key over its limit gets 429 and Retry-After; other keys are not affected', async () => {
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push(await limited.write('/v1/track', JSON.parse(TRACK)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers[3]?.body).toMatchObject({ status: 429, title: 'Too Many Requests' });
    expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await limited.admin('GET', '/v1/journeys')).status).toBe(200);
  });

  describe('count by caller, however the credentials are written', () => {
    let spelled: TestApi;
    beforeEach(async () => {
      const limits = { ...DEFAULT_LIMITS, writeKey: 3, adminKey: 3, userToken: 2 };
      spelled = await startApi({ limits });
    });
    afterEach(() => spelled.stop());

    test('the write key, in the header or in the body', async () => {
      const body = JSON.stringify({ ...JSON.parse(TRACK), writeKey: WRITE_KEY });
      const statuses = [];
      for (const authorization of [
        `Basic ${btoa(`${WRITE_KEY}:`)}`,
        `basic   ${btoa(`${WRITE_KEY}:`)}`,
        null,
        `Basic ${btoa(`${WRITE_KEY}:any password`)}`,
      ]) {
        const headers = { ...JSON_TYPE, ...(authorization !== null && { authorization }) };
        statuses.push((await spelled.call('POST', '/v1/track', { headers, body })).status);
      }
      expect(statuses).toEqual([200, 200, 200, 429]);
    });

    test('the admin key, with any case and spacing of the scheme', async () => {
      const statuses = [];
      for (const scheme of ['Bearer ', 'bearer ', 'BEARER  ', 'Bearer   '])
        statuses.push(
          (await spelled.call('GET', '/v1/journeys', { headers: { authorization: scheme + ADMIN_KEY } })).status,
        );
      expect(statuses).toEqual([200, 200, 200, 429]);
    });

    test('a user, with any of their tokens; other users are not affected', async () => {
      await spelled.write('/v1/track', JSON.parse(TRACK));
      await spelled.write('/v1/track', { userId: 'eve', event: 'Clicked' });
      const read = async (userId: string, ttlMs: number): Promise<number> => {
        const authorization = `Bearer ${await signUserToken(SECRET, userId, ttlMs)}`;
        return (await spelled.call('GET', '/v1/inbox', { headers: { authorization } })).status;
      };
      expect([await read('ada', 60_000), await read('ada', 120_000), await read('ada', 180_000)]).toEqual([
        200, 200, 429,
      ]);
      expect(await read('eve', 60_000)).toBe(200);
    });
  });

  test('requests with wrong keys count by address', async () => {
    const attempt = (key: string): Promise<{ status: number }> =>
      limited.call('GET', '/v1/journeys', { headers: { authorization: `Bearer ${key}` } });
    expect([(await attempt('a')).status, (await attempt('b')).status, (await attempt('c')).status]).toEqual([
      401, 401, 429,
    ]);
    expect((await attempt(ADMIN_KEY)).status).toBe(200);
  });
});
