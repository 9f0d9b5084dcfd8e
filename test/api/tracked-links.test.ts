import { randomUUID } from 'node:crypto';
import { signClick, signOpen } from '../../config/tracked-links';
import { SECRET, startApi, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const PERSON = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
const GMAIL = {
  'user-agent': 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
};
const URL_OF_LINK = 'https://shop.example.com/?a=1';

/** Stores a message that was sent to a user, and returns its id. */
async function sentTo(userId: string): Promise<string> {
  const id = randomUUID();
  await api.write('/v1/identify', { userId, traits: { email: `${userId}@example.com` } });
  await api.database.pool.query(
    `INSERT INTO messages (id, user_id, journey, step, channel, template, status, transactional, data, decided_at, expires_at, sent_at)
     VALUES ($1, $2, 'onboarding', 'welcome', 'email', 'welcome', 'sent', false, '{}', 1000, 9999999999999, 1000)`,
    [id, userId],
  );
  return id;
}

const get = (path: string, headers: Record<string, string>, method = 'GET'): Promise<Response> =>
  fetch(api.url + path, { method, headers, redirect: 'manual' });
const eventsOf = (userId: string): Promise<string[]> =>
  api.database.knex('events').where({ user_id: userId }).andWhereLike('name', 'Message %').orderBy('id').pluck('name');

test('a person who loads the picture has opened the mail, once', async () => {
  const id = await sentTo('ada');
  const path = `/o/${signOpen(SECRET, id)}`;
  for (const headers of [PERSON, GMAIL]) {
    const response = await get(path, headers);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/gif']);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(40);
  }
  expect(await eventsOf('ada')).toEqual(['Message Opened']);
});

test('a link leads on to where it was signed to lead, and tells so', async () => {
  const id = await sentTo('bo');
  const response = await get(`/c/${signClick(SECRET, { messageId: id, url: URL_OF_LINK })}`, PERSON);
  expect([response.status, response.headers.get('location')]).toEqual([302, URL_OF_LINK]);
  const stored = await api.database.knex('events').where({ user_id: 'bo', name: 'Message Clicked' }).first();
  expect(stored).toMatchObject({ active: true, properties: { message: id, channel: 'email', url: URL_OF_LINK } });
});

test('machines that look at mails before people are told apart', async () => {
  const id = await sentTo('cleo');
  const path = `/c/${signClick(SECRET, { messageId: id, url: URL_OF_LINK })}`;
  expect((await get(path, PERSON, 'HEAD')).status).toBe(302);
  const machines = [
    { 'user-agent': 'Mozilla/5.0' },
    { 'user-agent': 'BarracudaCentral' },
    { ...PERSON, purpose: 'prefetch' },
    { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' },
  ];
  for (const headers of machines) expect((await get(path, headers)).status).toBe(302);
  for (const headers of machines) expect((await get(`/o/${signOpen(SECRET, id)}`, headers)).status).toBe(200);
  expect(await eventsOf('cleo')).toEqual(['Message Prefetched', 'Message Prefetched']);
});

test('a link that was not signed leads nowhere', async () => {
  const id = await sentTo('dora');
  const token = signClick(`${SECRET}x`, { messageId: id, url: 'https://evil.example.com' });
  const asOpen = signOpen(SECRET, id);
  for (const path of [`/c/${token}`, `/c/${asOpen}`, `/c/x`, `/o/${token}`]) {
    const response = await get(path, PERSON);
    expect([response.status, response.headers.get('location')]).toEqual([404, null]);
  }
  expect(await eventsOf('dora')).toEqual([]);
});

test('a person gets where they want although the database is away', async () => {
  const end = jest.spyOn(api.deps.database.pool, 'query').mockRejectedValue(new Error('away') as never);
  const link = signClick(SECRET, { messageId: randomUUID(), url: URL_OF_LINK });
  const response = await get(`/c/${link}`, PERSON);
  end.mockRestore();
  expect([response.status, response.headers.get('location')]).toEqual([302, URL_OF_LINK]);
});
