import { createHash } from 'node:crypto';
import { startApi, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());
afterEach(() => api.database.knex('suppressed_addresses').delete());

const hashOf = (address: string): string => createHash('sha256').update(address).digest('hex');

test('an address is suppressed by itself or by its hash, once for each reason, and listed by its hash', async () => {
  const hash = hashOf('ada@example.com');
  const suppressions = [
    { channel: 'email', address: ' Ada@Example.com', reason: 'bounced' },
    { channel: 'email', hash: hash.toUpperCase(), reason: 'bounced' },
    { channel: 'email', hash, reason: 'opted out' },
  ];
  expect((await api.admin('POST', '/v1/suppressions', { suppressions })).body).toEqual({ added: 2 });
  expect((await api.admin('POST', '/v1/suppressions', { suppressions })).body).toEqual({ added: 0 });
  const listed = await api.admin('GET', '/v1/suppressions');
  expect(listed.body).toEqual({
    suppressions: ['bounced', 'opted out'].map((reason) => ({
      channel: 'email',
      hash,
      reason,
      at: expect.any(String) as string,
    })),
    next: null,
  });
});

test('the list comes page by page, with every address once', async () => {
  const addresses = Array.from({ length: 25 }, (_, n) => `person${n}@example.com`);
  const suppressions = addresses.map((address) => ({ channel: 'email', address, reason: 'bounced' }));
  await api.admin('POST', '/v1/suppressions', { suppressions });
  const hashes: string[] = [];
  for (let cursor = ''; ;) {
    const { body } = await api.admin('GET', `/v1/suppressions?limit=10${cursor && `&cursor=${cursor}`}`);
    const page = body as { suppressions: { hash: string }[]; next: string | null };
    hashes.push(...page.suppressions.map(({ hash }) => hash));
    if (page.next === null) break;
    cursor = page.next;
  }
  expect(hashes).toEqual(addresses.map(hashOf).sort());
});

test('an address that is allowed again is forgotten for all reasons', async () => {
  const given = { channel: 'email', address: 'bo@example.com' };
  const suppressions = ['complained', 'opted out'].map((reason) => ({ ...given, reason }));
  await api.admin('POST', '/v1/suppressions', { suppressions });
  expect((await api.admin('DELETE', '/v1/suppressions', given)).status).toBe(204);
  expect((await api.admin('DELETE', '/v1/suppressions', given)).status).toBe(404);
});

test('a request that is not valid names the field', async () => {
  const both = { channel: 'email', address: 'a@example.com', hash: hashOf('a'), reason: 'bounced' };
  const wrong = [
    [{ suppressions: [both] }, '/suppressions/0'],
    [{ suppressions: [{ channel: 'email', reason: 'bounced' }] }, '/suppressions/0'],
    [{ suppressions: [{ channel: 'inApp', address: 'ada', reason: 'bounced' }] }, '/suppressions/0/channel'],
    [{ suppressions: [{ channel: 'email', address: 'xx', reason: 'bounced' }] }, '/suppressions/0/address'],
    [{ suppressions: [{ channel: 'email', hash: 'zz', reason: 'bounced' }] }, '/suppressions/0/hash'],
  ] as const;
  for (const [body, pointer] of wrong)
    expect(await api.admin('POST', '/v1/suppressions', body)).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([expect.objectContaining({ pointer })]) as unknown },
    });
  expect((await api.admin('GET', '/v1/suppressions?cursor=x')).status).toBe(422);
  expect((await api.write('/v1/suppressions', {})).status).toBe(401);
});
