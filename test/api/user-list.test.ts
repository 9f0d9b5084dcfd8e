import { z } from 'zod';
import { selectUsers, type UserFilter } from '../../store/user-list';
import { advanceUser } from './engine';
import { startApi, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const page = z.object({
  users: z.array(z.looseObject({ id: z.string(), runs: z.array(z.looseObject({ journey: z.string() })) })),
  next: z.string().nullable(),
});

async function list(query: string): Promise<z.infer<typeof page>> {
  return page.parse((await api.admin('GET', `/v1/users?${query}`)).body);
}

const idsOf = async (query: string): Promise<string[]> => (await list(query)).users.map(({ id }) => id);

const identify = (userId: string, traits: object): Promise<unknown> =>
  api.write('/v1/identify', { userId, traits: { email: 'ada@example.com', ...traits } });

async function enter(userId: string): Promise<void> {
  await api.write('/v1/track', { userId, event: 'Signed Up', properties: { plan: 'free' } });
  await advanceUser(api, userId);
}

test('users are found by traits, stage, journey and step, and all that is given has to hold', async () => {
  await identify('find ada', { crew: 'f', plan: 'pro', age: 42, admin: true, 'a"b': 'x', note: '' });
  await identify('find bob', { crew: 'f', plan: 'pro', age: '42', admin: 'true' });
  await identify('find cyd', { crew: 'f', plan: 'free', age: 4 });
  await enter('find ada');
  await enter('find cyd');
  const crew = 'trait[crew]=f';
  expect(await idsOf(crew)).toEqual(['find ada', 'find bob', 'find cyd']);
  expect(await idsOf('trait%5Bcrew%5D=f&trait%5Bplan%5D=pro')).toEqual(['find ada', 'find bob']);
  expect(await idsOf(`${crew}&trait[age]=42`)).toEqual(['find ada', 'find bob']);
  expect(await idsOf(`${crew}&trait[admin]=true`)).toEqual(['find ada', 'find bob']);
  expect(await idsOf(`${crew}&trait[a%22b]=x&trait[note]=`)).toEqual(['find ada']);
  expect(await idsOf(`${crew}&trait[age]=1e999`)).toEqual([]);
  expect(await idsOf(`${crew}&stage=new`)).toEqual(['find ada', 'find cyd']);
  expect(await idsOf(`${crew}&journey=onboarding`)).toEqual(['find ada', 'find cyd']);
  expect(await idsOf(`${crew}&journey=onboarding&step=first%20project&trait[plan]=free`)).toEqual(['find cyd']);
  expect(await idsOf(`${crew}&journey=onboarding&step=nudge`)).toEqual([]);
});

test('a user is listed with their stage and the runs in progress, and times are ISO 8601', async () => {
  await identify('shown', { crew: 's' });
  await enter('shown');
  const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
  const run = { journey: 'onboarding', key: null, step: 'first project', status: 'active', enteredAt: iso };
  expect(await list('trait[crew]=s')).toEqual({
    users: [{ id: 'shown', anonymous: false, stage: 'new', createdAt: iso, lastSeenAt: iso, runs: [run] }],
    next: null,
  });
  await api.write('/v1/track', { userId: 'shown', event: 'Project Created' });
  await advanceUser(api, 'shown');
  expect(await list('trait[crew]=s')).toMatchObject({ users: [{ id: 'shown', runs: [] }] });
});

test('pages lose and repeat nobody while users come and go', async () => {
  const batch = [1, 3, 5, 7, 9, 11].map((n) => ({ type: 'identify', userId: `p${10 + n}`, traits: { crew: 'p' } }));
  await api.write('/v1/batch', { batch });
  const seen: string[] = [];
  let cursor = '';
  do {
    const { users, next } = await list(`trait[crew]=p&limit=2${cursor}`);
    seen.push(...users.map(({ id }) => id));
    if (seen.length === 2) {
      await identify('p12', { crew: 'p' });
      await identify('p16', { crew: 'p' });
      await api.admin('DELETE', '/v1/users/p13');
    }
    cursor = next === null ? '' : `&cursor=${next}`;
  } while (cursor !== '');
  expect(seen).toEqual(['p11', 'p13', 'p15', 'p16', 'p17', 'p19', 'p21']);
});

test('visitors are listed as such; an id that was merged into another user, and an erased user, are not listed', async () => {
  await api.write('/v1/identify', { anonymousId: 'v', traits: { crew: 'm' } });
  expect(await list('trait[crew]=m')).toMatchObject({ users: [{ id: 'anon:v', anonymous: true }] });
  await identify('merged', { crew: 'm' });
  await api.admin('POST', '/v1/alias', { userId: 'merged', previousId: 'anon:v' });
  expect(await list('trait[crew]=m')).toMatchObject({ users: [{ id: 'merged', anonymous: false }] });
  await api.admin('DELETE', '/v1/users/merged');
  expect(await idsOf('trait[crew]=m')).toEqual([]);
});

test.each([
  ['trait[__proto__]=1', 'trait'],
  ['step=nudge', 'step'],
  ['journey=onbording', 'journey'],
  ['stages=new', 'stages'],
  ['trait=pro', 'trait'],
  ['trait[plan]=a&trait[plan]=b', 'trait.plan'],
  ['stage=a&stage=b', 'stage'],
  ['stage=', 'stage'],
  ['limit=501', 'limit'],
  ['limit=x', 'limit'],
  ['cursor=x', 'cursor'],
  [Array.from({ length: 11 }, (_, n) => `trait[t${n}]=x`).join('&'), 'trait'],
])('a wrong filter is refused, and the answer names it: %s', async (query, pointer) => {
  expect(await api.admin('GET', `/v1/users?${query}`)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
});

test('users are found in a journey that is no more, as long as somebody was in it', async () => {
  await identify('left', { crew: 'left' });
  await api.database.pool.query(`
    INSERT INTO runs (id, user_id, journey, status, position, entered_at, body)
    VALUES (gen_random_uuid(), 'left', 'removed', 'active', 'pause', 1, '{}')`);
  expect(await idsOf('journey=removed')).toEqual(['left']);
  const entry = { messageId: 'm', where: { journey: 'never there' } };
  expect(await api.admin('POST', '/v1/journeys/onboarding/enter', entry)).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/where/journey' }] },
  });
});

test('what the database cannot hold is left out of filters and cursors', async () => {
  await identify('stored', { crew: 'stored' });
  const cursor = (place: readonly unknown[]): string => Buffer.from(JSON.stringify(place)).toString('base64url');
  expect(await idsOf(`trait[crew]=sto%00red&cursor=${cursor(['\u0000'])}`)).toEqual(['stored']);
  expect(await idsOf('trait[crew%00]=stored')).toEqual(['stored']);
  for (const query of ['stage=%00new', 'journey=%00order&step=%00b', `cursor=${cursor(['\ud800'])}`])
    expect([query, (await api.admin('GET', `/v1/users?${query}`)).status]).toEqual([query, 200]);
  const timeline = `/v1/users/stored/timeline?cursor=${cursor([1, '\u0000'])}`;
  expect((await api.admin('GET', timeline)).status).toBe(200);
  const where = { trait: { 'crew\u0000': 'sto\u0000red' } };
  const entry = { messageId: 'm\u0000', properties: { plan: 'pro' }, where, cursor: cursor(['\u0000']) };
  expect(await api.admin('POST', '/v1/journeys/onboarding/enter', entry)).toMatchObject({
    status: 202,
    body: { users: [{ userId: 'stored', outcome: 'accepted' }] },
  });
});

test('only the admin key lists users, and the log has nothing of the query', async () => {
  expect((await api.call('GET', '/v1/users?trait[email]=ada@example.com')).status).toBe(401);
  await idsOf('trait[email]=secret@example.com&stage=hidden');
  expect(api.log.some(({ route }) => route === '/v1/users')).toBe(true);
  expect(JSON.stringify(api.log)).not.toMatch(/example\.com|hidden/);
});

test('no filter reads the whole of a large table, and one that lets few through has an index', async () => {
  const { pool } = api.database;
  await pool.query(`
    INSERT INTO users (id, created_at, last_seen_at, stage, traits)
    SELECT 'large ' || n, 1, 1, CASE WHEN n % 1000 = 0 THEN 'rare' ELSE 'large' END, jsonb_build_object('plan', n % 3, 'email', n)
    FROM generate_series(1, 20000) n`);
  await pool.query(`
    INSERT INTO runs (id, user_id, journey, status, position, entered_at, body)
    SELECT gen_random_uuid(), 'large ' || n, 'j' || n % 2, 'active', CASE WHEN n % 2000 = 0 THEN 'rare' ELSE 'usual' END, 1, '{}'
    FROM generate_series(1, 20000) n`);
  await pool.query('ANALYZE users; ANALYZE runs');
  const filters: [Partial<UserFilter>, string][] = [
    [{}, 'users_pkey'],
    [{ traits: { plan: '1' } }, ''],
    [{ traits: { email: '77' } }, 'users_by_trait'],
    [{ stage: 'large' }, ''],
    [{ stage: 'rare' }, 'users_by_stage'],
    [{ journey: 'j0' }, ''],
    [{ journey: 'j0', step: 'rare' }, 'runs_by_journey'],
    [{ journey: 'nowhere' }, 'runs_by_journey'],
    [{ journey: 'j0', step: 'rare', stage: 'rare', traits: { plan: '1' } }, ''],
  ];
  for (const [filter, index] of filters)
    for (const after of [null, 'large 5']) {
      const plan = await planOf({ traits: {}, stage: null, journey: null, step: null, ...filter }, after);
      expect([filter, plan]).toEqual([filter, expect.not.stringContaining('Seq Scan')]);
      expect([filter, plan]).toEqual([filter, expect.stringContaining(index)]);
    }

  async function planOf(filter: UserFilter, after: string | null): Promise<string> {
    const { text, values } = selectUsers('u.id', filter, { after, limit: 101 });
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }
});
