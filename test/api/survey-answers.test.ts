import { z } from 'zod';
import { event } from '../../engine/authoring/event';
import { journey } from '../../engine/authoring/journey';
import { answersTo } from '../../engine/authoring/message-events';
import type { JsonObject } from '../../engine/model/json';
import { createInbox } from '../../store/inbox';
import { asUser } from './as-user';
import { advanceUser } from './engine';
import { startApi, testDefinitions, type Answer, type TestApi } from './server';

const asked = event('Asked', z.object({}), {});
const ask = journey('ask', { enter: asked }, async (j) => {
  await j.send('nps', { inApp: 'nudge' });
  const answer = await j.waitFor('answer', answersTo('nps', { score: 'number', why: 'text' }), { within: '7 days' });
  const { score, why = 'nothing' } = answer?.properties.answers ?? {};
  await j.award('thanks', { badge: `${score}: ${why}` });
});

const SURVEY = {
  kind: 'survey',
  title: 'T',
  snooze: { label: 'Later', seconds: 60 },
  questions: [
    { id: 'score', type: 'nps', ask: 'How likely?', next: [{ atLeast: 9, to: 'end' }] },
    {
      ...{ id: 'which', type: 'choices', ask: 'Which?', optional: true, max: 2 },
      options: ['a', 'b', 'c'].map((value) => ({ value, label: value })),
    },
    { id: 'why', type: 'text', ask: 'Why?', max: 10 },
  ],
};
const RATING = { kind: 'rating', title: 'T', yes: {}, no: {} };

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ code: await testDefinitions(ask) });
});
afterAll(() => api.stop());

const as = (userId: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  asUser(api, userId, method, path, body);

/** Shows a message to a user, and returns its id. */
async function shown(userId: string, content: JsonObject | object = SURVEY): Promise<string> {
  await api.write('/v1/track', { userId, event: 'Asked' });
  await advanceUser(api, userId);
  const { id } = await api.database.knex('messages').where({ user_id: userId }).first<{ id: string }>('id');
  await createInbox(api.database).save(id, content as JsonObject);
  await api.database.knex('messages').where({ id }).update({ status: 'sent', sent_at: 0 });
  return id;
}

const answer = (userId: string, id: string, body: object): Promise<Answer> =>
  as(userId, 'POST', `/v1/inbox/${id}/answer`, body);
const listed = async (userId: string): Promise<readonly JsonObject[]> =>
  ((await as(userId, 'GET', '/v1/inbox')).body as { messages: JsonObject[] }).messages;
const answeredOf = (userId: string): Promise<readonly { properties: JsonObject }[]> =>
  api.database.knex('events').where({ user_id: userId, name: 'Message Answered' }).select('properties');

test('answers are kept one by one, and those to the questions on the way are one event when the user is done', async () => {
  const id = await shown('ada');
  for (const answers of [{ score: 3 }, { which: ['a', 'c'] }, { score: 4 }])
    expect((await answer('ada', id, { answers })).status).toBe(204);
  expect(await listed('ada')).toMatchObject([
    { id, answers: { score: 4, which: ['a', 'c'] }, answeredAt: null, seenAt: expect.any(String) },
  ]);
  expect(await answeredOf('ada')).toEqual([]);
  expect((await answer('ada', id, { answers: { why: 'Slow' }, done: true })).status).toBe(204);
  expect(await answeredOf('ada')).toMatchObject([
    { properties: { step: 'nps', value: '4', answers: { score: 4, which: ['a', 'c'], why: 'Slow' } } },
  ]);
  await advanceUser(api, 'ada');
  const { body } = await api.admin('GET', '/v1/users/ada');
  expect(body).toMatchObject({ badges: ['4: Slow'] });
});

test('a branch that ends the survey leaves out what was answered behind it', async () => {
  const id = await shown('ben');
  await answer('ben', id, { answers: { score: 3, why: 'Slow' } });
  expect((await answer('ben', id, { answers: { score: 9 }, done: true })).status).toBe(204);
  const [{ properties } = { properties: {} }] = await answeredOf('ben');
  expect(properties).toMatchObject({ value: '9', answers: { score: 9 } });
});

test.each([
  [{ answers: { score: 11 } }, '/answers/score', 'must be a whole number from 0 to 10'],
  [{ answers: { score: '9' } }, '/answers/score', 'must be a whole number from 0 to 10'],
  [{ answers: { which: ['a', 'd'] } }, '/answers/which', 'must be a list, with each at most once, of a, b, c'],
  [{ answers: { which: ['a', 'a'] } }, '/answers/which', 'must be a list, with each at most once, of a, b, c'],
  [{ answers: { which: ['a', 'b', 'c'] } }, '/answers/which', 'must be a list of 0 to 2'],
  [{ answers: { why: 'much too long' } }, '/answers/why', 'must be a text of 1 to 10 characters'],
  [{ answers: { other: 1 } }, '/answers/other', 'must be the answer to a question: score, which, why'],
  [{ answers: { score: 3 }, done: true }, '/answers/why', 'must be answered'],
  [{ answers: { score: null } }, '/answers/score', expect.any(String)],
  [{ answers: [] }, '/answers', expect.any(String)],
  [{ value: '9' }, '/answers', 'must be an object with the answers, by the ids of the questions'],
])('%j is refused with the field', async (body, pointer, detail) => {
  const userId = `eve ${JSON.stringify(body)}`;
  const id = await shown(userId);
  expect(await answer(userId, id, body)).toMatchObject({ status: 422, body: { errors: [{ pointer, detail }] } });
  expect(await answeredOf(userId)).toEqual([]);
});

test('the first answers hold: the same again is accepted and does nothing, others are refused', async () => {
  const id = await shown('cleo');
  const done = { answers: { score: 10 }, done: true };
  for (let n = 0; n < 2; n++) expect((await answer('cleo', id, done)).status).toBe(204);
  for (const body of [{ answers: { score: 9 }, done: true }, { answers: { score: 1 } }])
    expect(await answer('cleo', id, body)).toMatchObject({
      status: 409,
      body: { errors: [{ pointer: '/answers/score', detail: 'must be the first answer' }] },
    });
  expect(await answeredOf('cleo')).toHaveLength(1);
  expect(await listed('cleo')).toMatchObject([{ answer: '10', answers: { score: 10 } }]);
});

test('a question may have a name that every object has, and an answer to it is no other one before the first', async () => {
  const questions = [
    { id: 'score', type: 'nps', ask: 'How likely?' },
    { id: 'constructor', type: 'text', ask: 'Who built it?', optional: true },
  ];
  const id = await shown('ola', { kind: 'survey', title: 'T', questions });
  expect((await answer('ola', id, { answers: { score: 3 }, done: true })).status).toBe(204);
  expect((await answer('ola', id, { answers: { constructor: 'Bo' } })).status).toBe(204);
  expect(await listed('ola')).toMatchObject([{ answers: { score: 3 } }]);
});

test('of many who are done at once with other answers, one holds, and there is one event', async () => {
  const id = await shown('dan');
  const scores = [9, 10, 9, 10, 9, 10];
  const all = await Promise.all(scores.map((score) => answer('dan', id, { answers: { score }, done: true })));
  const [{ properties } = { properties: {} }, ...others] = await answeredOf('dan');
  expect(others).toEqual([]);
  const held = (properties['answers'] as { score: number }).score;
  expect(await listed('dan')).toMatchObject([{ answers: { score: held } }]);
  for (const { status } of all) expect([204, 409]).toContain(status);
});

test('of a rating, yes is all there is to say, and no may say more', async () => {
  const yes = await shown('fay', RATING);
  await answer('fay', yes, { answers: { love: 'yes' } });
  expect((await answer('fay', yes, { answers: {}, done: true })).status).toBe(204);
  const no = await shown('gil', RATING);
  expect((await answer('gil', no, { answers: { love: 'no', feedback: 'Slow' }, done: true })).status).toBe(204);
  expect(await answeredOf('fay')).toMatchObject([{ properties: { value: 'yes', answers: { love: 'yes' } } }]);
  expect(await answeredOf('gil')).toMatchObject([
    { properties: { value: 'no', answers: { love: 'no', feedback: 'Slow' } } },
  ]);
});

test('a message that is put off comes back when its time has passed, and may be put off again', async () => {
  const id = await shown('hal');
  const snooze = async (): Promise<number> => (await as('hal', 'POST', `/v1/inbox/${id}/snoozed`)).status;
  const events = (): Promise<unknown[]> =>
    api.database.knex('events').where({ user_id: 'hal', name: 'Message Snoozed' }).select('properties');
  expect(await Promise.all([snooze(), snooze(), snooze()])).toEqual([204, 204, 204]);
  expect(await snooze()).toBe(204);
  expect(await listed('hal')).toEqual([]);
  expect(await events()).toMatchObject([{ properties: { message: id, step: 'nps' } }]);
  const { snoozed_until: until } = await api.database
    .knex('messages')
    .where({ id })
    .first<{ snoozed_until: number }>('snoozed_until');
  const { at } = await api.database
    .knex('events')
    .where({ user_id: 'hal', name: 'Message Snoozed' })
    .first<{ at: number }>('at');
  expect(until - at).toBe(60_000);
  await api.database.knex('messages').where({ id }).update({ snoozed_until: 1 });
  expect(await listed('hal')).toHaveLength(1);
  expect(await snooze()).toBe(204);
  expect(await listed('hal')).toEqual([]);
  expect(await events()).toHaveLength(2);
});

test('a message without snooze cannot be put off', async () => {
  const id = await shown('ida', RATING);
  expect(await as('ida', 'POST', `/v1/inbox/${id}/snoozed`)).toMatchObject({ status: 409 });
});

test('a token answers and puts off only messages of its user', async () => {
  const id = await shown('kim');
  expect((await answer('mallory', id, { answers: { score: 1 } })).status).toBe(404);
  expect((await as('mallory', 'POST', `/v1/inbox/${id}/snoozed`)).status).toBe(404);
  expect(await listed('kim')).toMatchObject([{ answers: null }]);
});

test('a survey whose text was forgotten takes no answers', async () => {
  // This is what `store/forgetting.ts` leaves of it.
  const id = await shown('late', { kind: 'survey' });
  const refused = await answer('late', id, { answers: { score: 9 }, done: true });
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/value' }] } });
});
