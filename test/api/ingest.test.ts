import { inactivity } from '../../engine/user/triggers';
import { activity } from '../../engine/authoring/event';
import { journey } from '../../engine/authoring/journey';

import { areWaiting, holdUser } from '../support/locks';
import { until } from '../support/until';
import { startApi, testDefinitions, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface StoredEvent {
  readonly message_id: string;
  readonly type: string;
  readonly name: string;
  readonly at: number;
  readonly received_at: number;
  readonly properties: unknown;
  readonly pending: boolean;
}

const eventsOf = (userId: string): Promise<StoredEvent[]> =>
  api.database.knex('events').where({ user_id: userId }).orderBy('id').select();
const userOf = (id: string): Promise<Record<string, unknown> | undefined> =>
  api.database.knex('users').where({ id }).first();

test('each of Segment’s calls is stored as an event, with its traits', async () => {
  const user = { userId: 'each' };
  await api.write('/v1/track', { ...user, event: 'Signed Up', properties: { plan: 'pro' } });
  await api.write('/v1/identify', { ...user, traits: { email: 'each@example.com' } });
  await api.write('/v1/page', { ...user, name: 'Pricing', category: 'Docs', properties: { path: '/pricing' } });
  await api.write('/v1/screen', { ...user, name: 'Home' });
  await api.write('/v1/group', { ...user, groupId: 7, traits: { name: 'Analytical Engines' } });
  await api.write('/v1/alias', { ...user, previousId: 'each-before' });

  expect(await eventsOf('each')).toMatchObject([
    { type: 'track', name: 'Signed Up', properties: { plan: 'pro' } },
    { type: 'identify', name: 'Identify', properties: { email: 'each@example.com' } },
    { type: 'page', name: 'Page Viewed', properties: { path: '/pricing', name: 'Pricing', category: 'Docs' } },
    { type: 'screen', name: 'Screen Viewed', properties: { name: 'Home' } },
    { type: 'group', name: 'Group', properties: { groupId: 7, name: 'Analytical Engines' } },
    { type: 'alias', name: 'Alias', properties: { previousId: 'each-before' } },
  ]);
  expect(await userOf('each')).toMatchObject({
    traits: { email: 'each@example.com', groups: { 7: { groupId: 7, name: 'Analytical Engines' } } },
  });
});

test('an identify counts as activity only of a known user who awaits any activity', async () => {
  const { version } = await testDefinitions();
  for (const [id, awaiting, memory] of [
    ['silent', ['*'], '{}'],
    ['busy', ['Signed Up'], '{}'],
    ['newcomer', ['*'], null],
  ] as const) {
    await api.database
      .knex('users')
      .insert({ id, created_at: 0, last_seen_at: 0, memory, awaiting: [...awaiting], awaiting_version: version });
    await api.write('/v1/identify', { userId: id, traits: { plan: 'pro' } });
  }
  await api.write('/v1/group', { userId: 'silent', groupId: 7 });
  const pendingOf = async (id: string): Promise<string[]> =>
    (await eventsOf(id)).filter(({ pending }) => pending).map(({ name }) => name);
  expect([await pendingOf('silent'), await pendingOf('busy'), await pendingOf('newcomer')]).toEqual([
    ['Identify'],
    [],
    [],
  ]);
});

test('an identify counts as activity of the visitor it names, and of a user with an overdue wake-up', async () => {
  const watch = journey('watch', { enter: inactivity('14 days'), exit: [activity] }, (j) => j.sleep('a day', '1 day'));
  const other = await startApi({ code: await testDefinitions(watch) });
  const known = { created_at: 0, last_seen_at: 0, memory: '{}', awaiting_version: other.definitions.version };
  await other.database.knex('users').insert([
    { id: 'overdue', ...known, awaiting: ['Signed Up'], wake_at: 1 },
    { id: 'anon:sleeper', ...known, awaiting: ['*'] },
  ]);
  await other.write('/v1/identify', { userId: 'overdue' });
  await other.write('/v1/identify', { userId: 'sleeper', anonymousId: 'sleeper' });
  for (const userId of ['overdue', 'sleeper'])
    expect(other.woken).toContainEqual({ userId, id: expect.any(String), name: 'Identify' });
  await other.stop();
});

test('a call repeated while it is being stored does not overwrite newer traits', async () => {
  const { knex } = api.database;
  await knex('users').insert({ id: 'stalled', created_at: 0, last_seen_at: 0 });
  const letGo = await holdUser(knex, 'stalled');
  const identify = (messageId: string, plan: string): Promise<unknown> =>
    api.write('/v1/identify', { userId: 'stalled', messageId, traits: { plan } });
  const calls = [];
  for (const [messageId, plan] of [
    ['m1', 'free'],
    ['m2', 'pro'],
    ['m1', 'free'],
  ] as const) {
    calls.push(identify(messageId, plan));
    await until('the call to wait for the user', () => areWaiting(api.database.pool, calls.length));
  }
  await letGo();
  const answers = await Promise.all(calls);
  expect(answers).toMatchObject([{ body: { accepted: 1 } }, { body: { accepted: 1 } }, { body: { duplicates: 1 } }]);
  expect(await userOf('stalled')).toMatchObject({ traits: { plan: 'pro' } });
});

test('a batch stores only the first of two calls with the same message id', async () => {
  const call = { type: 'identify', userId: 'twice', messageId: 'm1' };
  await api.write('/v1/batch', {
    batch: [
      { ...call, traits: { plan: 'free' } },
      { ...call, traits: { plan: 'pro' } },
    ],
  });
  expect(await userOf('twice')).toMatchObject({ traits: { plan: 'free' } });
});

test('an app can’t use a message id reserved for the engine', async () => {
  const answer = await api.write('/v1/track', { userId: 'x', event: 'Clicked', messageId: 'sojourn:message/order 1' });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/messageId' }] } });
});

test('calls that no journey reacts to wake nobody, however often they come', async () => {
  const before = api.woken.length;
  for (const call of ['page', 'page', 'identify', 'screen']) await api.write(`/v1/${call}`, { userId: 'passer-by' });
  expect(api.woken.slice(before)).toEqual([]);
});

test('a batch stores its valid items, and names the item and field of each error', async () => {
  const answer = await api.write('/v1/batch', {
    batch: [
      { type: 'track', userId: 'b1', messageId: 'm1', event: 'Clicked' },
      { type: 'track', userId: 'b1', messageId: 'm2' },
      { type: 'nonsense', userId: 'b1' },
      { type: 'identify', messageId: 'm4', traits: {} },
      null,
      { type: 'track', userId: 'b1', messageId: 'm6', event: 'Signed Up', properties: { plan: 'golden' } },
      { type: 'track', userId: 'b1', messageId: 'm1', event: 'Clicked' },
    ],
  });
  expect(answer).toMatchObject({ status: 200, body: { accepted: 1, duplicates: 1 } });
  expect((answer.body as { rejected: unknown }).rejected).toEqual([
    { index: 1, messageId: 'm2', errors: [{ pointer: '/batch/1/event', detail: expect.any(String) }] },
    {
      index: 2,
      messageId: null,
      errors: [{ pointer: '/batch/2/type', detail: expect.stringContaining('track, identify') }],
    },
    {
      index: 3,
      messageId: 'm4',
      errors: [{ pointer: '/batch/3/userId', detail: expect.stringContaining('anonymousId') }],
    },
    { index: 4, messageId: null, errors: [{ pointer: '/batch/4/type', detail: expect.any(String) }] },
    { index: 5, messageId: 'm6', errors: [{ pointer: '/batch/5/properties/plan', detail: expect.any(String) }] },
  ]);
  expect((await eventsOf('b1')).map((event) => event.message_id)).toEqual(['m1']);
});

test('a batch without a valid item gets 422', async () => {
  const answer = await api.write('/v1/batch', { batch: [{ type: 'track', userId: 'x' }] });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/batch/0/event' }] } });
  expect(await api.write('/v1/batch', { batch: [] })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/batch' }] },
  });
});

test('a repeated event is not stored again and changes nothing', async () => {
  const call = { userId: 'again', messageId: 'once', event: 'Clicked', properties: { n: 1 } };
  expect((await api.write('/v1/track', call)).body).toMatchObject({ accepted: 1, duplicates: 0 });
  expect((await api.write('/v1/track', { ...call, properties: { n: 2 } })).body).toMatchObject({
    accepted: 0,
    duplicates: 1,
  });
  expect(await eventsOf('again')).toMatchObject([{ properties: { n: 1 } }]);
});

test('properties that the schema of the event does not name are kept as they were sent', async () => {
  const properties = { plan: 'pro', paln: 'free', referrer: { campaign: ['spring', 7] } };
  const { status } = await api.write('/v1/track', { userId: 'more', event: 'Signed Up', properties });
  expect(status).toBe(200);
  expect(await eventsOf('more')).toMatchObject([{ properties }]);
});

test('a repeated call does not overwrite newer traits', async () => {
  const identify = (messageId: string, plan: string): Promise<unknown> =>
    api.write('/v1/identify', { userId: 'told', messageId, traits: { plan } });
  await identify('first', 'free');
  await identify('second', 'pro');
  await identify('first', 'free');
  expect(await userOf('told')).toMatchObject({ traits: { plan: 'pro' } });
});

test('traits merge in the order of the calls, within a batch too', async () => {
  const identify = (traits: object): object => ({ type: 'identify', userId: 'traits', traits });
  await api.write('/v1/batch', { batch: [identify({ a: 1, b: 1 }), identify({ b: 2, c: null }), identify({ a: 3 })] });
  await api.write('/v1/group', { userId: 'traits', groupId: 'one' });
  await api.write('/v1/group', { userId: 'traits', groupId: 'two' });
  expect(await userOf('traits')).toMatchObject({
    traits: { a: 3, b: 2, c: null, groups: { one: { groupId: 'one' }, two: { groupId: 'two' } } },
  });
});

describe('the time of an event', () => {
  const HOUR = 3_600_000;
  const atOf = async (userId: string): Promise<{ at: number; received: number }> => {
    const [event] = await eventsOf(userId);
    return { at: event?.at ?? NaN, received: event?.received_at ?? NaN };
  };

  test('is its timestamp, corrected for the error of the client’s clock', async () => {
    const wrong = Date.now() - 1_000 * HOUR;
    const iso = (ms: number): string => new Date(ms).toISOString();
    await api.write('/v1/batch', {
      sentAt: iso(wrong),
      batch: [{ type: 'track', userId: 'skewed', event: 'Clicked', timestamp: iso(wrong - HOUR) }],
    });
    const { at, received } = await atOf('skewed');
    expect(received - at).toBe(HOUR);
  });

  test('is its timestamp unchanged if the time the request took explains the difference, so that order is kept', async () => {
    const sentAt = Date.now();
    const iso = (ms: number): string => new Date(ms).toISOString();
    const slow = {
      sentAt: iso(sentAt - 10_000),
      batch: [{ type: 'track', userId: 'slow', event: 'Clicked', timestamp: iso(sentAt - 10_500) }],
    };
    await api.write('/v1/batch', slow);
    expect(await atOf('slow')).toMatchObject({ at: sentAt - 10_500 });
  });

  test.each([
    ['without a timestamp', {}, 0],
    ['in the future', { timestamp: '9999-12-31T23:59:59Z' }, 0],
    ['sent before it happened', { timestamp: '2020-01-01T01:00:00Z', sentAt: '2020-01-01T00:00:00Z' }, 0],
    ['with an offset', { timestamp: '2020-01-01T01:00:00+01:00', sentAt: '2020-01-01T01:00:00Z' }, HOUR],
  ])('is set for an event %s', async (what, times, earlier) => {
    await api.write('/v1/track', { userId: what, event: 'Clicked', ...times });
    const { at, received } = await atOf(what);
    expect(received - at).toBe(earlier);
  });

  test('is never before 1970', async () => {
    await api.write('/v1/track', { userId: 'old', event: 'Clicked', timestamp: '0001-01-01T00:00:00Z' });
    expect(await atOf('old')).toMatchObject({ at: 0 });
  });
});

test('the time a user was last seen advances only with their own activity', async () => {
  const lastSeen = async (): Promise<unknown> => (await userOf('seen'))?.['last_seen_at'];
  const at = (day: number): string => `2020-01-0${day}T00:00:00.000Z`;
  const track = (day: number, rest: object = {}): Promise<unknown> =>
    api.write('/v1/track', { userId: 'seen', event: 'Clicked', timestamp: at(day), ...rest });

  await track(3);
  expect(await lastSeen()).toBe(Date.parse(at(3)));
  await track(2);
  await track(5, { context: { active: false } });
  await api.write('/v1/group', { userId: 'seen', groupId: 'g', timestamp: at(5) });
  await api.write('/v1/alias', { userId: 'seen', previousId: 'never seen', timestamp: at(5) });
  expect(await lastSeen()).toBe(Date.parse(at(3)));
  await api.write('/v1/identify', { userId: 'seen', timestamp: at(4) });
  expect(await lastSeen()).toBe(Date.parse(at(4)));
  await track(6);
  expect(await lastSeen()).toBe(Date.parse(at(6)));
});

describe('an event is pending, and wakes its user, only if the user can react to it', () => {
  const pendingNames = async (userId: string): Promise<string[]> =>
    (await eventsOf(userId)).filter(({ pending }) => pending).map(({ name }) => name);
  const wokenFor = (userId: string): string[] =>
    api.woken.filter((one) => one.userId === userId).map(({ name }) => name);
  const known = (id: string, awaiting: string[], version = api.definitions.version): Promise<unknown> =>
    api.database.knex('users').insert({ id, created_at: 0, last_seen_at: 0, awaiting, awaiting_version: version });
  const tell = (userId: string, ...names: string[]): Promise<unknown> =>
    api.write('/v1/batch', {
      batch: [
        ...names.map((event) => ({ type: 'track', userId, event, properties: { plan: 'free' } })),
        { type: 'identify', userId },
        { type: 'group', userId, groupId: 'g' },
      ],
    });

  test('a new user can react to any event of a journey', async () => {
    await tell('new', 'Clicked', 'Signed Up', 'Project Created');
    expect(await pendingNames('new')).toEqual(['Signed Up', 'Project Created']);
    expect(wokenFor('new')).toEqual(['Signed Up', 'Project Created']);
  });

  test('a known user can react to what they await; once that arrives, to any event of a journey until the next advance', async () => {
    await known('waiting', ['Project Created']);
    await tell('waiting', 'Signed Up', 'Saved');
    expect(await pendingNames('waiting')).toEqual([]);
    await tell('waiting', 'Project Created', 'Saved');
    await tell('waiting', 'Signed Up', 'Saved');
    expect(await pendingNames('waiting')).toEqual(['Project Created', 'Signed Up']);
    expect(wokenFor('waiting')).toEqual(['Project Created', 'Signed Up']);
  });

  test('a user with a passed deadline can react to any event of a journey', async () => {
    await known('overdue', ['Project Created']);
    await api.database
      .knex('users')
      .where({ id: 'overdue' })
      .update({ wake_at: Date.now() + 3_600_000 });
    await tell('overdue', 'Signed Up');
    await api.database.knex('users').where({ id: 'overdue' }).update({ wake_at: Date.now() });
    await tell('overdue', 'Order Placed');
    expect(await pendingNames('overdue')).toEqual(['Order Placed']);
  });

  test('a user last advanced under other definitions can react to any event of a journey', async () => {
    await known('outdated', ['Project Created'], 'another version');
    await tell('outdated', 'Clicked', 'Signed Up');
    expect(await pendingNames('outdated')).toEqual(['Signed Up']);
  });

  test('the wake-up carries the id of the stored event, not the message id of the app', async () => {
    await api.write('/v1/track', { userId: 'named', messageId: 'ada@example.com', event: 'Project Created' });
    const { id } = (await api.database.knex('events').where({ user_id: 'named' }).first()) as { id: number };
    expect(api.woken).toContainEqual({ userId: 'named', id: String(id), name: 'Project Created' });
  });
});

test('an app can’t send the engine’s own events', async () => {
  for (const event of ['sojourn:message', 'sojourn:enter:onboarding', '*', '\u0000sojourn:message']) {
    expect(await api.write('/v1/track', { userId: 'app', event })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/event' }] },
    });
  }
  expect(await eventsOf('app')).toEqual([]);
});

test('characters that PostgreSQL can’t store are removed, from keys, ids and names too', async () => {
  const answer = await api.write('/v1/track', {
    userId: 'o\u0000dd',
    messageId: '\ud83dmessage\u0000',
    event: 'Cli\u0000cked',
    properties: { 'k\u0000ey': ['a\u0000b', { deep: '\udc00c\ud83d\ude00' }], escaped: '\\u0000 stays', fine: '😀' },
  });
  expect(answer.status).toBe(200);
  expect(await eventsOf('odd')).toMatchObject([
    {
      message_id: 'message',
      name: 'Clicked',
      properties: { key: ['ab', { deep: 'c😀' }], escaped: '\\u0000 stays', fine: '😀' },
    },
  ]);
});

test('a key that would change an object’s prototype is dropped', async () => {
  const body =
    '{"userId":"proto","event":"Clicked","properties":{"__proto__":{"admin":true},"constructor":{"prototype":{"a":1}},"a":{"__proto__":1}}}';
  const headers = { 'content-type': 'application/json', authorization: `Basic ${btoa('write-key-of-the-tests:')}` };
  expect((await api.call('POST', '/v1/track', { headers, body })).status).toBe(200);
  const [event] = await eventsOf('proto');
  expect(JSON.stringify(event?.properties)).toBe('{"a":{},"constructor":{"prototype":{"a":1}}}');
  expect({}).not.toHaveProperty('admin');
});

test.each([
  ['too large', { text: 'x'.repeat(40_000) }],
  ['too deep', JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`) as object],
])('properties that are %s are refused; the rest of the batch is stored', async (_what, properties) => {
  const answer = await api.write('/v1/batch', {
    batch: [
      { type: 'track', userId: 'limits', event: 'Clicked', properties },
      { type: 'track', userId: 'limits', event: 'Clicked' },
    ],
  });
  expect(answer).toMatchObject({
    status: 200,
    body: { accepted: 1, rejected: [{ index: 0, errors: [{ pointer: '/batch/0/properties' }] }] },
  });
});

test('a number is a valid id, however large', async () => {
  expect((await api.write('/v1/track', { userId: 42, messageId: 43, event: 'Clicked' })).status).toBe(200);
  expect(await eventsOf('42')).toMatchObject([{ message_id: '43' }]);
  expect((await api.write('/v1/track', { userId: 1e300, event: 'Clicked' })).status).toBe(200);
  expect(await eventsOf('1e+300')).toHaveLength(1);
});

test('a user who awaits any activity is woken only by their own actions', async () => {
  const back = journey('back', { enter: inactivity('14 days'), exit: [activity] }, async (j) =>
    j.sleep('a day', '1 day'),
  );
  const other = await startApi({ code: await testDefinitions(back) });
  await other.write('/v1/track', { userId: 'ada', event: 'Invoice Sent', context: { active: false } });
  await other.write('/v1/group', { userId: 'ada', groupId: 'g' });
  await other.write('/v1/track', { userId: 'ada', event: 'Clicked' });
  await other.write('/v1/page', { userId: 'ada' });
  expect(other.woken.map(({ name }) => name)).toEqual(['Clicked', 'Page Viewed']);
  await other.stop();
});
