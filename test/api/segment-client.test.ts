import { gzipSync } from 'node:zlib';
import { Analytics, type HTTPClient } from '@segment/analytics-node';
import { startApi, WRITE_KEY, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Sends what the client sends, compressed. */
const compressing: HTTPClient = {
  makeRequest: async ({ url, method, headers, body }) =>
    fetch(url, { method, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) }),
};

test.each([
  ['as it is', undefined],
  ['compressing', compressing],
])('Segment’s client for Node works unchanged, %s', async (how, httpClient) => {
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
    previousIds: [`before ${how}`],
    traits: { email: 'ada@example.com', groups: { acme: { name: 'Acme' } } },
  });
  const names = await api.database.knex('events').whereLike('user_id', `%${how}`).orderBy('name').pluck('name');
  expect(names).toEqual(['Alias', 'Group', 'Identify', 'Page Viewed', 'Screen Viewed', 'Signed Up', 'Visited']);
});

test('a wrong key is an error of the client', async () => {
  const client = new Analytics({ writeKey: 'wrong', host: api.url, flushAt: 1, maxRetries: 0 });
  const failed = new Promise((resolve) => client.on('error', resolve));
  client.track({ userId: 'nobody', event: 'Signed Up' });
  expect(await failed).toMatchObject({ reason: new Error('[401] Unauthorized') });
  await client.closeAndFlush();
});
