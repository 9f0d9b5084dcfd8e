import { z } from 'zod';
import { event } from '../../engine/authoring/event';
import { journey } from '../../engine/authoring/journey';
import { answered, seen } from '../../engine/authoring/message-events';
import { createInbox } from '../../store/inbox';
import { asUser } from './as-user';
import { advanceUser } from './engine';
import { startApi, testDefinitions, type Answer, type TestApi } from './server';

const asked = event('Asked', z.object({ about: z.string() }), { about: 'a' });

const ask = journey('ask', { enter: asked, key: ({ properties }) => properties.about }, async (j) => {
  await j.send('question', { inApp: 'nudge' }, { slot: 'ask' });
  await j.waitFor('seen', seen, { within: '7 days' });
  const answer = await j.waitFor('answer', answered, { within: '7 days' });
  await j.award('thanks', { badge: `${j.event.properties.about}: ${answer?.properties.value ?? 'none'}` });
});

const CONTENT = {
  kind: 'prompt',
  title: 'Do you enjoy it?',
  body: 'Tell us.',
  choices: [
    { value: 'yes', label: 'Yes' },
    { value: 'no', label: 'No' },
  ],
};

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ code: await testDefinitions(ask) });
});
afterAll(() => api.stop());

const as = (userId: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  asUser(api, userId, method, path, body);

interface Listed {
  readonly id: string;
  readonly key: string;
}

/** Asks the user, delivers the questions, and returns what the inbox lists, by key. */
async function question(userId: string, abouts: readonly string[]): Promise<Map<string, Listed>> {
  for (const about of abouts) await api.write('/v1/track', { userId, event: 'Asked', properties: { about } });
  await advanceUser(api, userId);
  const { pool } = api.database;
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM messages WHERE user_id = $1 AND status = 'sending'`,
    [userId],
  );
  for (const { id } of rows) await createInbox(api.database).save(id, CONTENT);
  await pool.query(`UPDATE messages SET status = 'sent', sent_at = decided_at WHERE user_id = $1`, [userId]);
  const { messages } = (await as(userId, 'GET', '/v1/inbox')).body as { messages: Listed[] };
  return new Map(messages.map((message) => [message.key, message]));
}

async function only(userId: string): Promise<string> {
  return (await question(userId, ['a'])).get('a')?.id ?? '';
}

const badgesOf = async (userId: string): Promise<unknown> => {
  await advanceUser(api, userId);
  return ((await api.admin('GET', `/v1/users/${userId}`)).body as { badges: unknown }).badges;
};
const eventsOf = async (userId: string): Promise<string[]> =>
  api.database.knex('events').where({ user_id: userId, type: 'track' }).orderBy('id').pluck<string[]>('name');

test('the inbox says which journey, run, key, step and slot a message is of', async () => {
  const messages = await question('ida', ['a', 'b']);
  const runs = await api.database.knex('runs').where({ user_id: 'ida' }).select('id', 'key');
  for (const { id, key } of runs as { id: string; key: string }[])
    expect(messages.get(key)).toMatchObject({
      journey: 'ask',
      run: id,
      key,
      step: 'question',
      slot: 'ask',
      answer: null,
      answeredAt: null,
    });
  expect(runs).toHaveLength(2);
});

test('seeing and answering a message are events that its own run waits for, and they wake the user', async () => {
  const messages = await question('ada', ['a', 'b']);
  const id = messages.get('b')?.id ?? '';
  expect((await as('ada', 'POST', `/v1/inbox/${id}/seen`)).status).toBe(204);
  expect(api.woken.at(-1)).toMatchObject({ userId: 'ada', name: 'Message Seen' });
  expect(await badgesOf('ada')).toEqual([]);
  expect((await as('ada', 'POST', `/v1/inbox/${id}/answer`, { value: 'no' })).status).toBe(204);
  expect(api.woken.at(-1)).toMatchObject({ userId: 'ada', name: 'Message Answered' });
  expect(await badgesOf('ada')).toEqual(['b: no']);
  const stored = await api.database.knex('events').where({ user_id: 'ada', name: 'Message Answered' }).first();
  expect(stored).toMatchObject({
    active: true,
    properties: { message: id, journey: 'ask', step: 'question', key: 'b', slot: 'ask', value: 'no' },
  });
  const { body } = await as('ada', 'GET', '/v1/inbox');
  expect((body as { messages: object[] }).messages).toContainEqual(
    expect.objectContaining({ id, answer: 'no', answeredAt: expect.any(String), seenAt: expect.any(String) }),
  );
});

test('the first answer holds: the same again is accepted and does nothing, another one is refused', async () => {
  const id = await only('ben');
  for (const value of ['yes', 'yes'])
    expect((await as('ben', 'POST', `/v1/inbox/${id}/answer`, { value })).status).toBe(204);
  const other = await as('ben', 'POST', `/v1/inbox/${id}/answer`, { value: 'no' });
  expect(other).toMatchObject({ status: 409, body: { errors: [{ pointer: '/value', detail: expect.any(String) }] } });
  expect(await eventsOf('ben')).toEqual(['Asked', 'Message Seen', 'Message Answered']);
  expect(await badgesOf('ben')).toEqual(['a: yes']);
});

test('of two answers at once, one holds and the other is refused, and there is one event', async () => {
  const id = await only('cleo');
  const answers = await Promise.all(
    ['yes', 'no', 'yes', 'no'].map((value) => as('cleo', 'POST', `/v1/inbox/${id}/answer`, { value })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 204, 409, 409]);
  expect(await eventsOf('cleo')).toEqual(['Asked', 'Message Seen', 'Message Answered']);
});

test('a reaction whose process died before it marked the message is completed when it is reported again', async () => {
  const id = await only('dora');
  await as('dora', 'POST', `/v1/inbox/${id}/answer`, { value: 'no' });
  await api.database.knex('messages').where({ id }).update({ seen_at: null, answered_at: null, answer: null });
  expect((await as('dora', 'POST', `/v1/inbox/${id}/answer`, { value: 'yes' })).status).toBe(409);
  expect(await api.database.knex('messages').where({ id }).first()).toMatchObject({ answer: 'no' });
  expect(await eventsOf('dora')).toEqual(['Asked', 'Message Seen', 'Message Answered']);
});

test('an invalid answer is refused with the name of the field, and so is one to a message without choices', async () => {
  const id = await only('eve');
  const refused = (pointer: string): object => ({
    status: 422,
    body: { status: 422, errors: [{ pointer, detail: expect.any(String) }] },
  });
  expect(await as('eve', 'POST', `/v1/inbox/${id}/answer`, { value: 'perhaps' })).toMatchObject(refused('/value'));
  expect(await as('eve', 'POST', `/v1/inbox/${id}/answer`, { value: 7 })).toMatchObject(refused('/value'));
  expect(await as('eve', 'POST', `/v1/inbox/${id}/answer`, {})).toMatchObject(refused('/value'));
  expect(await as('eve', 'POST', `/v1/inbox/none/answer`, { value: 'yes' })).toMatchObject(refused('id'));
  await api.database.knex('messages').where({ id }).update({ content: '{"kind":"banner"}' });
  expect(await as('eve', 'POST', `/v1/inbox/${id}/answer`, { value: 'yes' })).toMatchObject(refused('/value'));
  expect(await eventsOf('eve')).toEqual(['Asked']);
});

test('a token answers only messages of its user', async () => {
  const id = await only('fay');
  for (const path of ['answer', 'seen'])
    expect((await as('mallory', 'POST', `/v1/inbox/${id}/${path}`, { value: 'yes' })).status).toBe(404);
  expect(await eventsOf('fay')).toEqual(['Asked']);
  expect((await api.call('POST', `/v1/inbox/${id}/answer`, { body: '{"value":"yes"}' })).status).toBe(401);
});

test('dismissing and seeing again store one event each; being shown is no activity', async () => {
  const id = await only('gil');
  const seenBefore = await api.database.knex('users').where({ id: 'gil' }).first<{ last_seen_at: string }>();
  await as('gil', 'POST', `/v1/inbox/${id}/seen`);
  expect(await api.database.knex('users').where({ id: 'gil' }).first()).toMatchObject({
    last_seen_at: seenBefore.last_seen_at,
  });
  for (let n = 0; n < 2; n++) await as('gil', 'POST', `/v1/inbox/${id}/dismissed`);
  await as('gil', 'POST', `/v1/inbox/${id}/seen`);
  expect(await eventsOf('gil')).toEqual(['Asked', 'Message Seen', 'Message Dismissed']);
});
