import { signUserToken } from '../../config/tokens';
import { SECRET, startApi, type Answer, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** A user who has been heard of. */
async function known(userId: string): Promise<string> {
  await api.database.pool.query('INSERT INTO users (id, created_at, last_seen_at) VALUES ($1, 0, 0)', [userId]);
  return userId;
}

async function send(userId: string, events: unknown): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${await signUserToken(SECRET, userId, 60_000)}`,
    'content-type': 'application/json',
  };
  return api.call('POST', '/v1/in-app/events', { headers, body: JSON.stringify({ events }) });
}

const eventsOf = (userId: string): Promise<object[]> =>
  api.database
    .knex('events')
    .where({ user_id: userId })
    .orderBy('id')
    .select('type', 'name', 'message_id', 'properties');

test('calls of the four types are those of the user of the token, whatever ids they name', async () => {
  const answer = await send(await known('ada'), [
    { type: 'track', messageId: 'a-1', userId: 'eve', event: 'Level Finished', properties: { level: 3 } },
    { type: 'identify', messageId: 'a-2', anonymousId: 'visitor', traits: { city: 'Turin' } },
    { type: 'page', messageId: 'a-3', name: 'Home', context: { sessionId: 's-1' } },
    { type: 'screen', messageId: 'a-4', name: 'Cart' },
  ]);
  expect(answer).toMatchObject({ status: 200, body: { accepted: 4, duplicates: 0, rejected: [], rejectedCount: 0 } });
  expect(await eventsOf('ada')).toMatchObject([
    { type: 'track', name: 'Level Finished', message_id: 'a-1', properties: { level: 3 } },
    { type: 'identify', message_id: 'a-2' },
    { type: 'page', name: 'Page Viewed', message_id: 'a-3', properties: { name: 'Home' } },
    { type: 'screen', name: 'Screen Viewed', message_id: 'a-4' },
  ]);
  expect(await api.database.knex('users').select('id', 'traits')).toMatchObject([
    { id: 'ada', traits: { city: 'Turin' } },
  ]);
  expect(await api.database.knex('aliases')).toEqual([]);
});

test('a repeated call counts once', async () => {
  await known('bob');
  const call = { type: 'track', messageId: 'b-1', event: 'Opened' };
  for (const [accepted, duplicates] of [
    [1, 0],
    [0, 1],
  ])
    expect(await send('bob', [call])).toMatchObject({ status: 200, body: { accepted, duplicates } });
  expect(await eventsOf('bob')).toHaveLength(1);
});

test('what is not valid is rejected by itself, with the field: groups, aliases and what is internal', async () => {
  const answer = await send(await known('cleo'), [
    { type: 'track', messageId: 'c-1', event: 'Opened' },
    { type: 'alias', messageId: 'c-2', previousId: 'eve' },
    { type: 'group', groupId: 'acme' },
    { type: 'track', event: 'sojourn:enter' },
    { type: 'track', messageId: 'sojourn:answered:1', event: 'Opened' },
    { type: 'track' },
    'nothing',
  ]);
  expect(answer).toMatchObject({ status: 200, body: { accepted: 1, rejectedCount: 6 } });
  const { rejected } = answer.body as { rejected: { index: number; errors: { pointer: string }[] }[] };
  expect(rejected.map(({ index, errors: [first] }) => [index, first?.pointer])).toEqual([
    [1, '/events/1/type'],
    [2, '/events/2/type'],
    [3, '/events/3/event'],
    [4, '/events/4/messageId'],
    [5, '/events/5/event'],
    [6, '/events/6/type'],
  ]);
  expect(JSON.stringify(rejected)).toContain('must be one of track, identify, page, screen');
  expect(await eventsOf('cleo')).toHaveLength(1);
});

test('a request in which nothing is valid, that has no calls or too many is refused', async () => {
  await known('dan');
  const call = { type: 'track', event: 'Opened' };
  for (const [events, pointer] of [
    [[{ type: 'alias', previousId: 'eve' }], '/events/0/type'],
    [[], '/events'],
    [Array.from({ length: 101 }, () => call), '/events'],
    [call, '/events'],
  ])
    expect(await send('dan', events)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  expect(
    (
      await send(
        'dan',
        Array.from({ length: 100 }, () => call),
      )
    ).status,
  ).toBe(200);
  expect((await api.call('POST', '/v1/in-app/events', { body: '{"events":[]}' })).status).toBe(401);
});

test('what the client of an erased user had kept does not make the user known again', async () => {
  await known('eve');
  expect((await api.admin('DELETE', '/v1/users/eve')).status).toBeLessThan(300);
  expect((await send('eve', [{ type: 'track', event: 'Opened' }])).status).toBe(401);
  expect(await api.database.knex('users').where({ id: 'eve' })).toEqual([]);
});
