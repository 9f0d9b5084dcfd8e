import { MAX_OPEN_RUNS } from '../../engine/model/limits';
import { MAX_TRAITS_BYTES } from '../../engine/model/limits';
import { advanceUser } from './engine';
import { startApi, type TestApi } from './server';

/**
 * What one user may have is limited, because anyone with the write key can send events of anyone. The other users of the same
 * request are not harmed.
 */

let api: TestApi;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.stop());

/** A text that does not shrink much when it is compressed. */
const noise = (length: number): string =>
  Array.from({ length }, (_, n) => String.fromCharCode(97 + ((n * n * 7 + n * 13) % 26))).join('');
const identify = (userId: string, traits: object): object => ({ type: 'identify', userId, traits });

async function traitsOf(userId: string): Promise<Record<string, unknown>> {
  const { body } = await api.admin('GET', `/v1/users/${userId}`);
  return (body as { traits: Record<string, unknown> }).traits;
}

/** The number of large traits that a profile has room for. */
const FILLERS = 4;

/** Fills the traits of a user, so that no other large trait fits. */
async function fill(userId: string): Promise<void> {
  for (let n = 0; n < FILLERS; n++)
    await api.write('/v1/identify', { userId, traits: { [`filler ${n}`]: noise(31_500) } });
}

test('traits that would make a profile too large are rejected by name, and the rest of the batch is stored', async () => {
  await fill('fay');
  const { status, body } = await api.write('/v1/batch', {
    batch: [
      identify('innocent', { email: 'innocent@example.com' }),
      identify('fay', { more: noise(31_500) }),
      { type: 'track', userId: 'fay', event: 'Signed Up', properties: { plan: 'free' } },
    ],
  });
  expect([status, body]).toMatchObject([
    200,
    {
      accepted: 2,
      duplicates: 0,
      rejected: [
        {
          index: 1,
          errors: [{ pointer: '/batch/1/traits', detail: 'would make the traits of the user larger than 128 KB' }],
        },
      ],
    },
  ]);
  expect(await traitsOf('innocent')).toEqual({ email: 'innocent@example.com' });
  expect(await traitsOf('fay')).not.toHaveProperty('more');
  const stored = await api.database.knex('events').where({ user_id: 'fay', name: 'Identify' }).pluck('id');
  expect(stored).toHaveLength(FILLERS);
});

test('a single call that would make the traits too large is an error, and smaller traits are still taken', async () => {
  await fill('gil');
  const refused = await api.write('/v1/identify', { userId: 'gil', traits: { more: noise(31_500) } });
  expect([refused.status, refused.body]).toMatchObject([422, { errors: [{ pointer: '/traits' }] }]);
  const group = { userId: 'gil', groupId: 'acme', traits: { more: noise(31_500) } };
  expect(await api.write('/v1/group', group)).toMatchObject({ status: 422 });
  await api.write('/v1/identify', { userId: 'gil', traits: { email: 'gil@example.com', 'filler 0': '' } });
  await api.write('/v1/identify', { userId: 'gil', traits: { more: noise(31_000) } });
  expect(Object.keys(await traitsOf('gil')).sort()).toEqual([
    'email',
    'filler 0',
    'filler 1',
    'filler 2',
    'filler 3',
    'more',
  ]);
});

test('a profile that is far too large already rejects traits without harm to others', async () => {
  await api.write('/v1/track', { userId: 'huge', event: 'Signed Up', properties: { plan: 'free' } });
  await api.database.patient.query(
    `UPDATE users SET traits = (SELECT jsonb_object_agg('k' || i, repeat('x', 32000)) FROM generate_series(1, 8380) i) WHERE id = 'huge'`,
  );
  const answer = await api.write('/v1/batch', {
    batch: [identify('huge', { one: noise(31_500), timezone: 'Asia/Tokyo' }), identify('bystander', { name: 'Bo' })],
  });
  expect(answer).toMatchObject({ status: 200, body: { accepted: 1, rejected: [{ index: 0 }] } });
  expect(await traitsOf('bystander')).toEqual({ name: 'Bo' });
});

test('concurrent requests do not make a profile larger than the limit', async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      api.write('/v1/identify', { userId: 'cleo', traits: { [`key ${n}`]: noise(31_500) } }),
    ),
  );
  expect(answers.map(({ status }) => status).every((status) => status === 200 || status === 422)).toBe(true);
  expect(JSON.stringify(await traitsOf('cleo')).length).toBeLessThanOrEqual(MAX_TRAITS_BYTES);
});

test('the timeline counts the entries that a journey refused', async () => {
  const batch = Array.from({ length: MAX_OPEN_RUNS + 7 }, (_, n) => ({
    type: 'track',
    userId: 'olga',
    event: 'Order Placed',
    properties: { orderId: String(n) },
  }));
  await api.write('/v1/batch', { batch });
  await advanceUser(api, 'olga');
  const { body } = await api.admin('GET', '/v1/users/olga/timeline?limit=500');
  const { entries } = body as { entries: { kind: string }[] };
  expect(entries.filter(({ kind }) => kind === 'entered')).toHaveLength(MAX_OPEN_RUNS);
  expect(entries.filter(({ kind }) => kind === 'refused')).toMatchObject([
    { what: 'order', reason: 'open runs: at the limit of 100', details: { cause: 'open runs', count: 7 } },
  ]);
});
