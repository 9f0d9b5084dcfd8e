import fc from 'fast-check';
import { anything, moment, mostly, nasty, text } from '../support/hostile-values';
import { startApi, WRITE_KEY, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const authorization = `Basic ${btoa(`${WRITE_KEY}:`)}`;
const HEADERS = { 'content-type': 'application/json', authorization };
const TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;

const content = fc.oneof(
  { weight: 60, arbitrary: fc.dictionary(text, anything, { maxKeys: 5 }) },
  { weight: 1, arbitrary: fc.constant({ huge: 'x'.repeat(40_000) }) },
);
/** Unique, so that every accepted call adds a row. */
const messageId = fc.tuple(fc.uuid(), nasty).map(([id, suffix]) => id + suffix);

/** Calls in which any field may be invalid. */
const call = fc.record(
  {
    type: mostly(fc.constantFrom(...TYPES, 'track', 'track', 'track')),
    userId: mostly(fc.constantFrom('u1', 'u2', 'u3', 4)),
    anonymousId: mostly(fc.constantFrom('a1', 'a2', null)),
    messageId: mostly(messageId),
    event: mostly(fc.oneof(fc.constantFrom('Clicked', 'Signed Up', 'Project Created'), text)),
    name: mostly(text),
    groupId: mostly(text),
    previousId: mostly(fc.constantFrom('u1', 'u9', 'a1')),
    properties: mostly(content),
    traits: mostly(content),
    timestamp: mostly(moment),
    originalTimestamp: mostly(moment),
    sentAt: mostly(moment),
    context: mostly(fc.constant({ active: false })),
    ['__proto__']: anything,
  },
  { requiredKeys: ['type'] },
);

/** Sends a request, again while the answer is 503. `accepted` is the number of rows it must have added. */
async function post(path: string, body: string): Promise<{ status: number; accepted: number; text: string }> {
  for (;;) {
    const { status, text: answer, body: read } = await api.call('POST', path, { headers: HEADERS, body });
    if (status === 503) continue;
    const { accepted = 0 } = (read ?? {}) as { accepted?: number };
    return { status, accepted, text: answer };
  }
}

const rows = async (): Promise<number> => {
  const { rows: counted } = await api.database.pool.query<{ n: number }>('SELECT count(*) AS n FROM events');
  return counted[0]?.n ?? NaN;
};

test('10,000 random and hostile calls cause no 500, and every accepted one is stored', async () => {
  const calls = fc.sample(call, { numRuns: 10_000, seed: 20_240_501 });
  let accepted = 0;
  const statuses = new Map<number, number>();
  const note = ({ status, accepted: n }: { status: number; accepted: number }): void => {
    accepted += n;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  };

  const singles = calls.slice(0, 1_000);
  for (const one of singles) {
    const type = TYPES.find((known) => known === one.type) ?? 'track';
    note(await post(`/v1/${type}`, JSON.stringify(one)));
  }
  let batched = 0;
  for (let from = singles.length; from < calls.length; from += 20) {
    const batch = calls.slice(from, from + 20);
    batched += batch.length;
    note(await post('/v1/batch', JSON.stringify({ batch })));
  }
  expect(singles.length + batched).toBe(10_000);
  expect([...statuses.keys()].filter((status) => ![200, 413, 422].includes(status))).toEqual([]);
  expect(accepted).toBeGreaterThan(1_000);
  expect(await rows()).toBe(accepted);
});

test('a valid call in a batch of hostile ones is stored', async () => {
  const hostile = fc.sample(call, { numRuns: 4_000, seed: 7 });
  for (let n = 0; n < 200; n++) {
    const valid = {
      type: 'track',
      userId: 'survivor',
      messageId: `survivor ${n}`,
      event: 'Clicked',
      properties: { n },
    };
    const batch = hostile.slice(n * 20, n * 20 + 19);
    batch.splice(n % 20, 0, valid as (typeof batch)[number]);
    const { status, text: answer } = await post('/v1/batch', JSON.stringify({ batch }));
    expect([n, status, answer.includes(`survivor ${n}`)]).toEqual([n, 200, false]);
  }
  const stored: { properties: { n: number } }[] = await api.database
    .knex('events')
    .where({ user_id: 'survivor' })
    .orderBy('id')
    .select('properties');
  expect(stored.map(({ properties }) => properties.n)).toEqual(Array.from({ length: 200 }, (_, n) => n));
});

test.each([
  ['an empty body', ''],
  ['malformed JSON', '{'],
  ['a JSON string', '"batch"'],
  ['null', 'null'],
  ['an array', '[]'],
  ['a batch that is not a list', '{"batch":{}}'],
  ['very many open brackets', '['.repeat(200_000)],
  ['a very deep batch', `{"batch":[${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}]}`],
  [
    'very deep properties',
    `{"batch":[{"type":"track","userId":"d","event":"E","properties":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}]}`,
  ],
  [
    'very deep lists',
    `{"batch":[{"type":"track","userId":"d","event":"E","properties":{"a":${'['.repeat(90_000)}${']'.repeat(90_000)}}}]}`,
  ],
  ['the same key twice', '{"batch":[],"batch":[{"type":"track"}]}'],
  ['an incomplete UTF-8 character', Buffer.from([0x7b, 0x22, 0xe2, 0x82, 0x22, 0x3a, 0x31, 0x7d])],
])('%s gets a problem document', async (_what, body) => {
  const answer = await api.call('POST', '/v1/batch', { headers: HEADERS, body });
  expect([400, 422]).toContain(answer.status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({
    status: answer.status,
    title: expect.any(String),
    requestId: expect.any(String),
  });
});

test('a batch of 8,000 items is accepted', async () => {
  const batch = Array.from({ length: 8_000 }, (_, n) => ({
    type: 'track',
    userId: 1 + (n % 50),
    event: 'E',
    messageId: n,
  }));
  expect(await api.write('/v1/batch', { batch })).toMatchObject({ status: 200, body: { accepted: 8_000 } });
});
