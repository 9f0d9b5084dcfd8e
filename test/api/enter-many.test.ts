import { z } from 'zod';
import { mergeUsers } from '../../store/merge-users';
import { areWaiting, holdUser } from '../support/locks';
import { until } from '../support/until';
import { advanceUser } from './engine';
import { startApi, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const PATH = '/v1/journeys/onboarding/enter';
const properties = { plan: 'pro' };

const answer = z.object({
  messageId: z.string(),
  users: z.array(z.object({ userId: z.string(), outcome: z.string() })),
  next: z.string().nullable(),
});
type Entered = z.infer<typeof answer>;

async function enter(body: object, path = PATH): Promise<Entered> {
  const { status, body: entered } = await api.admin('POST', path, body);
  expect([status, entered]).toEqual([202, entered]);
  return answer.parse(entered);
}

const outcomes = ({ users }: Entered): string[] => users.map(({ userId, outcome }) => `${userId}: ${outcome}`);

async function meet(...userIds: string[]): Promise<void> {
  const traits = { crew: userIds[0], email: 'ada@example.com' };
  await api.write('/v1/batch', { batch: userIds.map((userId) => ({ type: 'identify', userId, traits })) });
}

/** What a user entered: the journeys with the properties of their trigger. */
async function entriesOf(userId: string): Promise<unknown[]> {
  await advanceUser(api, userId);
  const runs = await api.database
    .knex('runs')
    .where({ user_id: userId })
    .orderBy('key')
    .pluck<{ trigger: object }[]>('body');
  return runs.map(({ trigger }) => (trigger as { properties: object }).properties);
}

test('each user of a list enters once, however often the request is sent, and has an outcome of their own', async () => {
  await meet('ada', 'bob', 'cyd');
  await api.admin('POST', '/v1/alias', { userId: 'bob', previousId: 'bob before' });
  const users = [{ userId: 'ada' }, { userId: 'nobody' }, { userId: 'bob before', properties: { plan: 'free' } }];
  const request = { messageId: 'spring', properties, users };
  expect(outcomes(await enter(request))).toEqual(['ada: accepted', 'nobody: unknown', 'bob before: accepted']);
  const again = await Promise.all([1, 2, 3].map(() => enter(request)));
  for (const one of again)
    expect(outcomes(one)).toEqual(['ada: duplicate', 'nobody: unknown', 'bob before: duplicate']);
  expect(outcomes(await enter({ ...request, users: [{ userId: 'bob' }, { userId: 'cyd' }] }))).toEqual([
    'bob: duplicate',
    'cyd: accepted',
  ]);
  expect(await entriesOf('ada')).toEqual([{ plan: 'pro' }]);
  expect(await entriesOf('bob')).toEqual([{ plan: 'free' }]);
  expect(await entriesOf('cyd')).toEqual([{ plan: 'pro' }]);
  const one = { properties, messageId: 'spring' };
  expect(await api.admin('POST', '/v1/users/ada/journeys/onboarding', one)).toMatchObject({
    body: { duplicate: true },
  });
});

test('requests that overlap, sent at the same time, add each user once', async () => {
  const crew = Array.from({ length: 40 }, (_, n) => `same time ${n}`);
  await meet(...crew);
  const users = crew.map((userId) => ({ userId }));
  const entered = await Promise.all(
    [users, users.toReversed(), users.slice(20)].map((list) => enter({ messageId: 'once', properties, users: list })),
  );
  const accepted = entered.flatMap(({ users: those }) => those.filter(({ outcome }) => outcome === 'accepted'));
  expect(accepted.map(({ userId }) => userId).sort()).toEqual(crew.toSorted());
  const stored = await api.database.knex('events').where({ name: 'sojourn:enter:onboarding' }).whereIn('user_id', crew);
  expect(stored).toHaveLength(40);
});

test('a user may enter a keyed journey several times in one request, each time under an id of its own', async () => {
  await meet('keyed');
  const order = (orderId: string): object => ({ userId: 'keyed', messageId: orderId, properties: { orderId } });
  const request = { messageId: 'unused', users: [order('A'), order('B')] };
  expect(outcomes(await enter(request, '/v1/journeys/order/enter'))).toEqual(['keyed: accepted', 'keyed: accepted']);
  expect(await entriesOf('keyed')).toEqual([{ orderId: 'A' }, { orderId: 'B' }]);
});

test('those whom a filter finds enter page by page, and a repeated page adds nobody again', async () => {
  const crew = Array.from({ length: 1_002 }, (_, n) => `where ${String(n).padStart(4, '0')}`);
  await api.database.pool.query(
    `INSERT INTO users (id, created_at, last_seen_at, traits) SELECT id, 1, 1, '{"crew": "where"}' FROM unnest($1::text[]) id`,
    [crew],
  );
  const request = { messageId: 'filtered', properties, where: { trait: { crew: 'where' } } };
  const first = await enter(request);
  expect(outcomes(first)).toEqual(crew.slice(0, 1_000).map((userId) => `${userId}: accepted`));
  expect((await enter(request)).users.every(({ outcome }) => outcome === 'duplicate')).toBe(true);
  const second = await enter({ ...request, cursor: first.next });
  expect(outcomes(second)).toEqual(crew.slice(1_000).map((userId) => `${userId}: accepted`));
  expect(second.next).toBeNull();
});

test('the users are queued for the workers, and whoever acts meanwhile takes turns with them', async () => {
  await api.database.knex('start_queue').delete();
  const crew = Array.from({ length: 30 }, (_, n) => `turn ${String(n).padStart(2, '0')}`);
  await meet(...crew);
  await api.database.knex('users').whereIn('id', crew.slice(0, 5)).update({ asleep: true });
  const before = api.woken.length;
  await enter({ messageId: 'queue', properties, users: crew.map((userId) => ({ userId })) });
  await api.write('/v1/track', { userId: 'newcomer', event: 'Signed Up', properties });
  const turns = await api.database.knex('start_queue').orderBy('turn').pluck<string[]>('user_id');
  expect(turns.filter((id) => id !== 'newcomer')).toEqual(crew);
  expect(turns.indexOf('newcomer')).toBeLessThan(3);
  expect(api.woken.length - before).toBe(31);
});

test('a user who is merged into another one while the request waits for them enters as that one', async () => {
  const { knex, pool, patient } = api.database;
  await meet('becomes', 'stays');
  await api.write('/v1/identify', { anonymousId: 'merging', traits: {} });
  const holder = await knex.transaction();
  // A merge ends with this row, so whoever holds it holds up the end.
  await holder('aliases').insert({ previous_id: 'anon:merging', user_id: 'stays' });
  const merged = mergeUsers(patient, [{ previousId: 'merging', userId: 'becomes' }], 'visitors', Date.now());
  await until('the merge waits', () => areWaiting(pool, 1));
  const entering = enter({ messageId: 'm', properties, users: [{ userId: 'stays' }, { userId: 'anon:merging' }] });
  await until('the entry waits for the visitor', () => areWaiting(pool, 2));
  await holder.rollback();
  await merged;
  expect(outcomes(await entering)).toEqual(['stays: accepted', 'anon:merging: accepted']);
  expect(await entriesOf('becomes')).toEqual([properties]);
});

test('while a request waits for one user, the others can vote', async () => {
  const { knex, pool } = api.database;
  await meet('waits a', 'waits b');
  const letGo = await holdUser(knex, 'waits b');
  const entering = enter({ messageId: 'w', properties, users: [{ userId: 'waits a' }, { userId: 'waits b' }] });
  await until('the entry waits for the second user', () => areWaiting(pool, 1));
  // A row that refers to a user locks the key of the user's row.
  const voted = knex.transaction(async (transaction) => {
    await transaction.raw(`SET LOCAL lock_timeout = '2s'`);
    await transaction('poll_votes').insert({ user_id: 'waits a', poll: 'p', value: 'yes', at: 1 });
  });
  await voted.finally(letGo);
  expect(outcomes(await entering)).toEqual(['waits a: accepted', 'waits b: accepted']);
});

const base = { messageId: 'm', properties, users: [{ userId: 'refused' }] };
test.each<[string, object, string]>([
  ['no id', { ...base, messageId: undefined }, '/messageId'],
  ['neither users nor a filter', { ...base, users: undefined }, '/users'],
  ['both', { ...base, where: { stage: 'new' } }, '/users'],
  ['no user', { ...base, users: [] }, '/users'],
  ['too many users', { ...base, users: Array.from({ length: 1_001 }, (_, userId) => ({ userId })) }, '/users'],
  ['a user twice under one id', { ...base, users: [{ userId: 'refused' }, { userId: 'refused' }] }, '/users/1'],
  ['a field that is not known', { ...base, users: [{ userId: 'refused', data: {} }] }, '/users/0/data'],
  ['wrong properties for all', { ...base, properties: { plan: 'golden' } }, '/properties/plan'],
  ['wrong properties of one', { ...base, users: [{ userId: 'a', properties: {} }] }, '/users/0/properties/plan'],
  [
    'large properties of one',
    { ...base, users: [{ userId: 'a', properties: { plan: 'x'.repeat(40_000) } }] },
    '/users/0/properties',
  ],
  ['a filter without a condition', { ...base, users: undefined, where: { trait: {} } }, '/where'],
  ['a filter that is not known', { ...base, users: undefined, where: { stages: 'new' } }, '/where/stages'],
  ['a step without its journey', { ...base, users: undefined, where: { step: 'nudge' } }, '/where/step'],
  [
    'a trait that no user can be found by',
    { ...base, users: undefined, where: { stage: 'new', trait: JSON.parse('{"__proto__":"1"}') as object } },
    '/where/trait',
  ],
  ['a cursor for a list of users', { ...base, cursor: 'x' }, '/cursor'],
  ['a wrong cursor', { ...base, users: undefined, where: { stage: 'new' }, cursor: 'x' }, '/cursor'],
])('a request with %s adds nobody, and the answer names the field', async (_what, body, pointer) => {
  await meet('refused');
  expect(await api.admin('POST', PATH, body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  expect(await api.database.knex('events').where({ user_id: 'refused', type: 'manual' })).toEqual([]);
});

test('an unknown journey is not found', async () => {
  expect((await api.admin('POST', '/v1/journeys/unknown/enter', base)).status).toBe(404);
});
