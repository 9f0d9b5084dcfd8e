import { gzipSync } from 'node:zlib';
import { Analytics, type HTTPClient } from '@segment/analytics-node';
import { CALL_EXAMPLES } from '../../api/examples/requests';
import { CALLS, type CallType } from '../../api/segment/schema';
import { startApi, WRITE_KEY, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Compresses what the client sends. */
const compressing: HTTPClient = {
  makeRequest: async ({ url, method, headers, body }) =>
    fetch(url, { method, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) }),
};

test.each([
  ['as it is', undefined],
  ['compressing', compressing],
])('Segment’s client for Node works unchanged: %s', async (how, httpClient) => {
  const client = new Analytics({ writeKey: WRITE_KEY, host: api.url, flushAt: 3, ...(httpClient && { httpClient }) });
  const failures: unknown[] = [];
  client.on('error', (error) => failures.push(error));
  const userId = `ada ${how}`;

  client.identify({ userId, traits: { email: 'ada@example.com', plan: 'free' } });
  client.track({
    userId,
    event: 'Signed Up',
    properties: { plan: 'free' },
    timestamp: new Date('2024-05-01T10:00:00Z'),
  });
  client.page({ userId, name: 'Pricing', properties: { path: '/pricing' } });
  client.screen({ userId, name: 'Home' });
  client.group({ userId, groupId: 'acme', traits: { name: 'Acme' } });
  client.alias({ userId, previousId: `before ${how}` });
  client.track({ anonymousId: `visitor ${how}`, event: 'Visited' });
  await client.closeAndFlush();

  expect(failures).toEqual([]);
  const { body: user } = await api.admin('GET', `/v1/users/${encodeURIComponent(userId)}`);
  expect(user).toMatchObject({
    id: userId,
    previousIds: [`anon:before ${how}`],
    traits: { email: 'ada@example.com', groups: { acme: { name: 'Acme' } } },
  });
  const names = await api.database.knex('events').whereLike('user_id', `%${how}`).orderBy('name').pluck('name');
  expect(names).toEqual(['Alias', 'Group', 'Identify', 'Page Viewed', 'Screen Viewed', 'Signed Up', 'Visited']);
});

test('Segment’s client sends the examples of the documentation', async () => {
  const client = new Analytics({ writeKey: WRITE_KEY, host: api.url, flushAt: 10 });
  const failures: unknown[] = [];
  client.on('error', (error) => failures.push(error));
  const calls = Object.keys(CALL_EXAMPLES) as CallType[];
  for (const type of calls) (client[type] as (call: object) => void)(CALL_EXAMPLES[type]);
  await client.closeAndFlush();
  expect(failures).toEqual([]);
  expect(await api.database.knex('events').where({ user_id: 'ada' }).pluck('name')).toHaveLength(calls.length);
});

test('Segment’s client reports a wrong key as an error', async () => {
  const client = new Analytics({ writeKey: 'wrong', host: api.url, flushAt: 1, maxRetries: 0 });
  const failed = new Promise((resolve) => client.on('error', resolve));
  client.track({ userId: 'nobody', event: 'Signed Up' });
  expect(await failed).toMatchObject({ reason: new Error('[401] Unauthorized') });
  await client.closeAndFlush();
});

describe('the short paths of Segment’s clients for browsers and phones', () => {
  const CALL: Readonly<Record<CallType, object>> = {
    track: { event: 'Clicked' },
    identify: { traits: { plan: 'pro' } },
    page: { name: 'Pricing' },
    screen: { name: 'Home' },
    group: { groupId: 'acme' },
    alias: { previousId: 'before short' },
  };
  const BASIC = { authorization: `Basic ${btoa(`${WRITE_KEY}:`)}` };
  const typesOf = (userId: string): Promise<string[]> =>
    api.database.knex('events').where({ user_id: userId }).orderBy('type').pluck('type');

  test('take single calls as text/plain, with the key in the body', async () => {
    for (const type of Object.keys(CALL) as CallType[]) {
      const body = JSON.stringify({ userId: 'short', ...CALL[type], type, writeKey: WRITE_KEY });
      const headers = { 'content-type': 'text/plain', origin: 'https://app.example.com' };
      const answer = await api.call('POST', `/v1/${type.charAt(0)}`, { headers, body });
      expect([type, answer.status, answer.body]).toEqual([
        type,
        200,
        { accepted: 1, duplicates: 0, rejected: [], rejectedCount: 0, warnings: [], warningCount: 0 },
      ]);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
    expect(await typesOf('short')).toEqual(Object.keys(CALLS).sort());
  });

  test.each([
    ['/v1/b', 'in the body, as browsers do', { 'content-type': 'text/plain' }],
    ['/v1/b', 'in the header, as phones do', { ...BASIC, 'content-type': 'text/plain', 'content-encoding': 'gzip' }],
    ['/v1/import', 'in the header, as .NET does', { ...BASIC, 'content-type': 'application/json' }],
  ])('take batches at %s with the key %s', async (path, how, headers) => {
    const batch = [{ type: 'track', userId: how, event: 'Clicked' }];
    const body = JSON.stringify({ batch, sentAt: new Date().toISOString(), writeKey: WRITE_KEY });
    const sent = 'content-encoding' in headers ? gzipSync(body) : body;
    expect(await api.call('POST', path, { headers, body: sent })).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(await typesOf(how)).toEqual(['track']);
  });

  test('require the key, and answer preflight requests', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const path of ['/v1/t', '/v1/b', '/v1/import']) {
      const body = JSON.stringify({ userId: 'nobody', event: 'Clicked', writeKey: 'wrong' });
      expect([path, (await api.call('POST', path, { headers, body })).status]).toEqual([path, 401]);
      expect([path, (await api.call('OPTIONS', path)).status]).toEqual([path, 204]);
      expect([path, (await api.call('GET', path)).status]).toEqual([path, 405]);
    }
  });
});
