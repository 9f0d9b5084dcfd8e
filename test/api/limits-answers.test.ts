import { gzipSync } from 'node:zlib';
import { setImmediate } from 'node:timers/promises';
import { readCalls } from '../../api/segment/read-calls';
import { CALL_TYPES } from '../../api/segment/schema';
import { ADMIN_KEY, startApi, WRITE_KEY, type Answer, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** An answer may be this many times as large as the request as sent, and beyond that only its bounded list of errors. */
const TIMES = 20;
const LIST_BYTES = 80 * 1024;

async function post(path: string, body: unknown): Promise<Answer & { readonly sent: number }> {
  const sent = gzipSync(typeof body === 'string' ? body : JSON.stringify(body), { level: 9 });
  const authorization = `Basic ${btoa(`${WRITE_KEY}:`)}`;
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', authorization };
  return { ...(await api.call('POST', path, { headers, body: sent })), sent: sent.length };
}

async function put(id: string, definition: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}` };
  return api.call('PUT', `/v1/journeys/${id}`, { headers, body: JSON.stringify(definition) });
}

const track = (n: number, change: object = {}): object => ({
  type: 'track',
  userId: `u${n}`,
  event: 'Clicked',
  ...change,
});

describe('a batch', () => {
  test('of a quarter of a million numbers is refused whole, with the most calls it may have', async () => {
    const answer = await post('/v1/batch', `{"batch":[${'1,'.repeat(249_999)}1]}`);
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/batch', detail: 'must not have more than 10000 calls' }], errorCount: 1 },
    });
    expect(answer.text.length).toBeLessThan(TIMES * answer.sent);
  });

  test('of calls that are all wrong lists the first fifty, and counts all', async () => {
    const answer = await post('/v1/batch', { batch: Array.from({ length: 10_000 }, () => 1) });
    expect(answer).toMatchObject({ status: 422, body: { errorCount: 10_000 } });
    const { errors } = answer.body as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual(Array.from({ length: 50 }, (_, n) => `/batch/${n}/type`));
    expect(answer.text.length).toBeLessThan(TIMES * answer.sent + LIST_BYTES);
  });

  test('with one right call stores it, lists the first fifty of the others, and counts all', async () => {
    const batch = [...Array.from({ length: 300 }, () => ({})), track(0)];
    const answer = await post('/v1/batch', { batch });
    expect(answer).toMatchObject({ status: 200, body: { accepted: 1, rejectedCount: 300 } });
    const { rejected } = answer.body as { rejected: { index: number }[] };
    expect(rejected.map(({ index }) => index)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  test('does not get back long texts that stand in it', async () => {
    const long = 'x'.repeat(100_000);
    const batch = [
      track(0),
      { type: 'track', messageId: long },
      { type: long },
      track(1, { context: { [long]: 1, active: long } }),
    ];
    const answer = await post('/v1/batch', { batch });
    expect(answer).toMatchObject({ status: 200, body: { rejected: [{ index: 1, messageId: null }, {}, {}] } });
    expect(answer.text.length).toBeLessThan(2_000);
  });
});

test('other requests are served while the calls of a batch are read', async () => {
  let turns = 0;
  const reading = new AbortController();
  const counting = (async () => {
    for (; !reading.signal.aborted; turns++) await setImmediate();
  })();
  const large = {
    batch: Array.from({ length: 10_000 }, (_, n) => ({ type: 'track', userId: `user-${n}`, event: '' })),
  };
  const reception = {
    clock: api.deps.clock,
    catalogue: new Map(),
    receivedAt: Date.now(),
    sentAt: null,
    types: CALL_TYPES,
  };
  const calls = large.batch.map((call, index) => ({ call, pointer: `/batch/${index}` }));
  const { rejections } = await readCalls(calls, reception);
  reading.abort();
  await counting;
  expect(rejections).toMatchObject({ count: 10_000, errorCount: 10_000 });
  expect(turns).toBeGreaterThan(1);
});

describe('a definition', () => {
  const enter = { kind: 'event', event: 'Signed Up' };

  test('with thousands of mistakes gets the first fifty, and their number', async () => {
    const steps = Array.from({ length: 30 }, (_, n) => ({
      kind: 'check',
      step: `s${n}`,
      if: true,
      then: Array(90).fill({}),
    }));
    const answer = await put('mistaken', { enter, steps });
    expect(answer).toMatchObject({ status: 422, body: { errorCount: 2_700 } });
    expect((answer.body as { errors: unknown[] }).errors).toHaveLength(50);
    expect(answer.text.length).toBeLessThan(LIST_BYTES);
  });

  test('with more values than anybody writes is refused, with the most it may have', async () => {
    const answer = await put('endless', { enter, steps: [{ kind: 'exit', step: 'out' }], exit: Array(5_000).fill(1) });
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '', detail: expect.stringContaining('4000 values') }], errorCount: 1 },
    });
  });

  test('does not get back long names that stand in it', async () => {
    const long = 'x'.repeat(50_000);
    const answer = await put('long', {
      enter: { kind: 'event', event: long, [long]: 1 },
      steps: [{ kind: 'exit', step: long, [long]: { [long]: 1 } }],
    });
    expect(answer.status).toBe(422);
    expect(answer.text.length).toBeLessThan(LIST_BYTES);
  });

  test('names the nearest field that can be named shortly', async () => {
    const events = { ['n'.repeat(190)]: { example: 1 }, ['/'.repeat(190)]: { example: 1 } };
    const answer = await put('named', { enter, events, steps: [{ kind: 'exit', step: 'out' }] });
    const { errors } = answer.body as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual([`/events/${'n'.repeat(190)}/example`, '/events']);
  });
});
