import { Webhook } from 'standardwebhooks';
import { event } from '../../engine/authoring/event';
import { journey } from '../../engine/authoring/journey';
import { bounced, delivered, opened } from '../../engine/authoring/receipt-events';
import { z } from 'zod';
import { signSession } from '../../config/tokens';
import { advanceUser } from './engine';
import { ADMIN_KEY, RECEIPTS_SECRET, SECRET, startApi, testDefinitions, type Answer, type TestApi } from './server';

const joined = event('Joined', z.object({ about: z.string() }), { about: 'a' });

const greeting = journey(
  'greeting',
  { enter: joined, key: ({ properties }) => properties.about, transactional: true },
  async (j) => {
    await j.send('hello', { email: 'welcome' });
    const first = await j.waitFor('it comes', delivered('hello'), { within: '1 day' });
    if (first) await j.award('came', { badge: `${j.event.properties.about} came` });
    const read = await j.waitFor('it is read', opened('hello'), { within: '1 day' });
    if (read) await j.award('read', { badge: `${j.event.properties.about} read` });
  },
);
const returned = journey('returned', { enter: bounced, transactional: true }, async (j) => {
  await j.award('noted', { badge: j.event.properties.permanent ? 'gone' : 'soft' });
});

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ code: await testDefinitions(greeting, returned) });
});
afterAll(() => api.stop());

/** Lets a user join, and returns the id of the message that goes out. */
async function sentTo(userId: string, about = 'a', email = `${userId}@example.com`): Promise<string> {
  await api.write('/v1/identify', { userId, traits: { email } });
  await api.write('/v1/track', { userId, event: 'Joined', properties: { about } });
  await advanceUser(api, userId);
  const { rows } = await api.database.pool.query<{ id: string }>(
    `UPDATE messages m SET status = 'sent', sent_at = decided_at FROM runs r
     WHERE r.id = m.run_id AND m.user_id = $1 AND r.key = $2 RETURNING m.id`,
    [userId, about],
  );
  return rows[0]?.id ?? '';
}

interface Reported {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** Posts receipts as a provider does, signed. */
function report(message: string, ...receipts: Reported[]): Promise<Answer> {
  const at = new Date().toISOString();
  return post(JSON.stringify({ receipts: receipts.map((one) => ({ message, at, ...one })) }));
}

function post(body: string, { signs = body, at = new Date(), source = 'standard' } = {}): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    'webhook-id': 'one',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(RECEIPTS_SECRET).sign('one', at, signs),
  };
  return api.call('POST', `/v1/receipts/${source}`, { headers, body });
}

const badgesOf = async (userId: string): Promise<unknown> => {
  await advanceUser(api, userId);
  return ((await api.admin('GET', `/v1/users/${userId}`)).body as { badges: unknown }).badges;
};
const eventsOf = async (userId: string): Promise<string[]> =>
  api.database.knex('events').where({ user_id: userId }).andWhereLike('name', 'Message %').orderBy('id').pluck('name');
const suppressed = async (): Promise<unknown[]> =>
  api.database.knex('suppressed_addresses').select('channel', 'cause').orderBy('cause');

test('a receipt is an event that wakes whoever waits for it, once although it comes twice', async () => {
  const message = await sentTo('ada');
  expect((await report(message, { kind: 'delivered' })).status).toBe(204);
  expect(api.woken.at(-1)).toMatchObject({ userId: 'ada', name: 'Message Delivered' });
  expect((await report(message, { kind: 'delivered' }, { kind: 'delivered' })).status).toBe(204);
  expect(await eventsOf('ada')).toEqual(['Message Delivered']);
  expect(await badgesOf('ada')).toEqual(['a came']);
  const stored = await api.database.knex('events').where({ user_id: 'ada', name: 'Message Delivered' }).first();
  const run = await api.database.knex('runs').where({ user_id: 'ada' }).first<{ id: string }>('id');
  expect(stored).toMatchObject({
    active: false,
    properties: { message, journey: 'greeting', step: 'hello', channel: 'email', run: run.id, key: 'a' },
  });
});

test('the timeline says what became of a message, and when', async () => {
  const message = await sentTo('lou');
  const at = '2100-01-01T00:00:00.000Z';
  await report(message, { kind: 'delivered' }, { kind: 'opened' }, { kind: 'bounced' }, { kind: 'complained', at });
  const { body } = await api.admin('GET', '/v1/users/lou/timeline');
  const { entries } = body as { entries: readonly { kind: string; times: Readonly<Record<string, string>> }[] };
  const times = entries.find(({ kind }) => kind === 'message')?.times;
  const { rows } = await api.database.pool.query<Record<string, number>>(
    `SELECT delivered_at AS "deliveredAt", opened_at AS "openedAt", bounced_at AS "bouncedAt", complained_at AS "complainedAt"
     FROM messages WHERE user_id = 'lou'`,
  );
  expect(times).toMatchObject(
    Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, ms]) => [name, new Date(ms).toISOString()])),
  );
  const cookie = `sojourn=${await signSession({ secret: SECRET, adminKey: ADMIN_KEY }, 60_000, Date.now())}`;
  const page = await (await fetch(`${api.url}/users/lou/timeline`, { headers: { cookie } })).text();
  expect(page).toContain('sent: transactional; delivered, opened, bounced, reported as spam');
  await api.database.knex('suppressed_addresses').delete();
});

test('a receipt that nobody waits for wakes nobody', async () => {
  const message = await sentTo('cleo');
  const before = api.woken.length;
  await report(message, { kind: 'complained' }, { kind: 'clicked', url: 'https://example.com/' });
  expect(api.woken.length).toBe(before);
  await api.database.knex('suppressed_addresses').delete();
});

test('a receipt concerns only the run that sent the message', async () => {
  const [a, b] = [await sentTo('ben', 'a'), await sentTo('ben', 'b')];
  await report(b, { kind: 'delivered' });
  expect(await badgesOf('ben')).toEqual(['b came']);
  await report(a, { kind: 'delivered' });
  expect(await badgesOf('ben')).toEqual(['b came', 'a came']);
});

test('a machine that loads the picture opened nothing', async () => {
  const message = await sentTo('dora');
  await report(message, { kind: 'delivered' }, { kind: 'opened', machine: true });
  expect(await badgesOf('dora')).toEqual(['a came']);
  expect(await eventsOf('dora')).toEqual(['Message Delivered', 'Message Prefetched']);
  await report(message, { kind: 'opened' });
  expect(await badgesOf('dora')).toEqual(['a came', 'a read']);
});

test('a receipt that comes before the message is recorded as sent counts', async () => {
  const message = await sentTo('eve');
  await api.database.knex('messages').where({ id: message }).update({ status: 'sending', sent_at: null });
  await report(message, { kind: 'delivered', at: '2020-01-01T00:00:00Z' });
  expect(await badgesOf('eve')).toEqual(['a came']);
});

test('each link that is clicked, and each reply, is an event of its own', async () => {
  const message = await sentTo('finn');
  const clicks = ['https://a.example', 'https://b.example', 'https://a.example'];
  await report(message, ...clicks.map((url) => ({ kind: 'clicked', url })));
  await report(message, { kind: 'replied', text: 'yes', id: '1' }, { kind: 'replied', text: 'yes', id: '2' });
  await report(message, { kind: 'replied', text: 'yes', id: '2' });
  expect((await eventsOf('finn')).sort()).toEqual([
    ...['Message Clicked', 'Message Clicked', 'Message Replied', 'Message Replied'],
  ]);
});

test('a bounce for good and a complaint suppress the address at once, whoever has it', async () => {
  const message = await sentTo('gil', 'a', 'Gil@Example.com ');
  await report(message, { kind: 'bounced', permanent: true, detail: '550 5.1.1' });
  expect(await suppressed()).toEqual([{ channel: 'email', cause: 'bounced' }]);
  await sentTo('gil-again', 'a', 'gil@example.com');
  const { rows } = await api.database.pool.query<{ reason: string }>(
    `SELECT r.body -> 'journal' -> 0 ->> 'reason' AS reason FROM runs r WHERE r.user_id = 'gil-again'`,
  );
  expect(rows[0]?.reason).toContain('bounced address');
  await api.database.knex('suppressed_addresses').delete();
});

test('soft bounces suppress an address after three without a delivery', async () => {
  const email = 'hana@example.com';
  const messages = [];
  for (const about of ['a', 'b', 'c', 'd', 'e']) messages.push(await sentTo('hana', about, email));
  const [a = '', b = '', c = '', d = '', e = ''] = messages;
  const soon = (ms: number): string => new Date(Date.now() + ms - 60_000).toISOString();
  const { pool } = api.database;
  await pool.query(`UPDATE messages SET decided_at = decided_at - 100000 WHERE user_id = 'hana'`);
  await report(a, { kind: 'bounced', at: soon(0) }, { kind: 'bounced', at: soon(0) });
  await report(b, { kind: 'bounced', at: soon(10) });
  await report(b, { kind: 'delivered', at: soon(20) });
  await report(c, { kind: 'bounced', at: soon(30) });
  await report(d, { kind: 'bounced', at: soon(40) });
  expect(await suppressed()).toEqual([]);
  await report(e, { kind: 'bounced', at: soon(50) });
  expect(await suppressed()).toEqual([{ channel: 'email', cause: 'bounced' }]);
  await pool.query('DELETE FROM suppressed_addresses');
});

test('who unsubscribes at the provider has opted out, and a late repetition does not undo a later yes', async () => {
  const message = await sentTo('ira');
  await report(message, { kind: 'unsubscribed' });
  const consent = async (): Promise<unknown> =>
    (await api.database.knex('users').where({ id: 'ira' }).first<{ consent: unknown }>('consent')).consent;
  expect(await consent()).toEqual({ email: false });
  expect((await api.admin('GET', '/v1/users/ira')).body).toMatchObject({ answers: [{ source: 'receipt' }] });
  await api.admin('PUT', '/v1/users/ira/consent', { channels: { email: true } });
  await report(message, { kind: 'unsubscribed' }, { kind: 'complained' });
  expect(await consent()).toEqual({ email: true });
  await api.database.knex('suppressed_addresses').delete();
});

test("nothing is stored of a user who was erased, and of somebody else's message", async () => {
  const message = await sentTo('jan');
  await api.admin('DELETE', '/v1/users/jan');
  expect((await report(message, { kind: 'bounced', permanent: true, address: 'jan@example.com' })).status).toBe(204);
  expect((await report('order-17', { kind: 'delivered' })).status).toBe(204);
  expect(await eventsOf('jan')).toEqual([]);
  expect(await suppressed()).toEqual([]);
  expect(await api.database.knex('users').where({ id: 'jan' }).first('id')).toBeUndefined();
});

test('a receipt of a visitor who has become a user is one of the user', async () => {
  const message = await sentTo('anon:kim');
  await api.admin('POST', '/v1/alias', { previousId: 'anon:kim', userId: 'kim' });
  await report(message, { kind: 'delivered' });
  expect(await api.database.knex('messages').where({ id: message }).first('user_id')).toEqual({ user_id: 'kim' });
  expect(await eventsOf('kim')).toEqual(['Message Delivered']);
});

test('a request that is forged, altered or old is refused, and stores nothing', async () => {
  const message = await sentTo('lea');
  const body = JSON.stringify({ receipts: [{ message, kind: 'delivered', at: new Date().toISOString() }] });
  const old = new Date(Date.now() - 600_000);
  for (const answer of [await post(body, { signs: `${body} ` }), await post(body, { at: old })])
    expect(answer).toMatchObject({ status: 401, body: { title: 'Unauthorized' } });
  const unsigned = [{}, { 'webhook-signature': 'v1' }, { 'webhook-signature': 'v1,', 'webhook-id': '1' }];
  for (const headers of unsigned)
    expect((await api.call('POST', '/v1/receipts/standard', { headers, body })).status).toBe(401);
  expect((await post(body, { source: 'nobody' })).status).toBe(404);
  expect(await eventsOf('lea')).toEqual([]);
});

test('a genuine request that is not valid gets a problem that names the field', async () => {
  expect(await post('{"receipts"')).toMatchObject({ status: 400 });
  expect(await report('x', { kind: 'lost' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/receipts/0/kind', detail: expect.any(String) }] },
  });
});
