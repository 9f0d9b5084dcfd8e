import { z } from 'zod';
import { event } from '../../engine/authoring/event';
import { journey } from '../../engine/authoring/journey';
import type { JsonObject } from '../../engine/model/json';
import { createInbox } from '../../store/inbox';
import { readPollResults } from '../../store/poll-votes';
import { until } from '../support/until';
import { asUser } from './as-user';
import { advanceUser } from './engine';
import { startApi, testDefinitions, type Answer, type TestApi } from './server';

const asked = event('Asked', z.object({}), {});
const ask = journey('ask', { enter: asked, reenter: 'always' }, async (j) => {
  await j.send('poll', { inApp: 'nudge' });
});

const options = ['red', 'blue'].map((value) => ({ value, label: value }));
const POLL = { kind: 'poll', title: 'Which?', poll: 'colour', options };
const QUIZ = { ...POLL, kind: 'quiz', poll: 'sky', right: 'blue', explanation: 'It scatters.', points: 10 };

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ code: await testDefinitions(ask) });
});
afterAll(() => api.stop());

const as = (userId: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  asUser(api, userId, method, path, body);

/** Shows a message to a user, and returns its id. */
async function shown(userId: string, content: object): Promise<string> {
  await api.write('/v1/track', { userId, event: 'Asked' });
  await advanceUser(api, userId);
  const unsent = { user_id: userId, status: 'sending' };
  const { id } = await api.database.knex('messages').where(unsent).first<{ id: string }>('id');
  await createInbox(api.database).save(id, content as JsonObject);
  await api.database.knex('messages').where({ id }).update({ status: 'sent', sent_at: 0 });
  return id;
}

const vote = (userId: string, id: string, value: string): Promise<Answer> =>
  as(userId, 'POST', `/v1/inbox/${id}/answer`, { value });
const listed = async (userId: string): Promise<readonly JsonObject[]> =>
  ((await as(userId, 'GET', '/v1/inbox')).body as { messages: JsonObject[] }).messages;
const answeredOf = (userId: string): Promise<readonly { properties: JsonObject }[]> =>
  api.database.knex('events').where({ user_id: userId, name: 'Message Answered' }).select('properties');
const votesOf = async (poll: string): Promise<object | undefined> =>
  (await readPollResults(api.database, [poll])).get(poll)?.votes;

test('a vote is the answer of its message, and counts once however often it is sent', async () => {
  const id = await shown('ada', { ...POLL, poll: 'once' });
  const all = await Promise.all(Array.from({ length: 5 }, () => vote('ada', id, 'red')));
  expect(all.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
  expect(await votesOf('once')).toEqual({ red: 1 });
  expect(await answeredOf('ada')).toMatchObject([{ properties: { message: id, value: 'red' } }]);
  expect(await vote('ada', id, 'blue')).toMatchObject({
    status: 409,
    body: { errors: [{ pointer: '/value', detail: "must be 'red', the first vote" }] },
  });
  expect(await vote('ada', id, 'green')).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/value', detail: 'must be one of red, blue' }] },
  });
  expect(await votesOf('once')).toEqual({ red: 1 });
});

test('a vote that may be changed changes the results and what the message shows, and is no further event', async () => {
  const id = await shown('bob', { ...POLL, poll: 'changed', change: true });
  for (const value of ['red', 'blue', 'blue']) expect((await vote('bob', id, value)).status).toBe(204);
  expect(await votesOf('changed')).toEqual({ blue: 1 });
  expect(await answeredOf('bob')).toMatchObject([{ properties: { value: 'red' } }]);
  expect(await listed('bob')).toMatchObject([{ id, answer: 'blue' }]);
});

test('two messages of one poll take one vote of a person', async () => {
  const [first, second] = [
    await shown('cleo', { ...POLL, poll: 'two' }),
    await shown('cleo', { ...POLL, poll: 'two' }),
  ];
  expect((await vote('cleo', first, 'red')).status).toBe(204);
  expect((await vote('cleo', second, 'blue')).status).toBe(409);
  expect((await vote('cleo', second, 'red')).status).toBe(204);
  expect(await votesOf('two')).toEqual({ red: 1 });
  expect(await answeredOf('cleo')).toHaveLength(2);
});

test('a quiz tells what is right only once it is answered, and its event says whether the answer was', async () => {
  const id = await shown('dan', QUIZ);
  const [before] = await listed('dan');
  expect(before).toMatchObject({ content: { kind: 'quiz', points: 10 } });
  expect(JSON.stringify(before)).not.toMatch(/right|scatters/);
  expect(JSON.stringify((await as('dan', 'GET', '/v1/in-app')).body)).not.toMatch(/"right"|scatters/);
  expect((await vote('dan', id, 'red')).status).toBe(204);
  expect(await listed('dan')).toMatchObject([
    { content: { right: 'blue', explanation: 'It scatters.' }, answer: 'red' },
  ]);
  expect(await answeredOf('dan')).toMatchObject([{ properties: { value: 'red', right: false } }]);
});

test('of votes that are changed at the same time, the message shows the one that counts', async () => {
  const id = await shown('two-tabs', { ...POLL, poll: 'raced', change: true });
  await vote('two-tabs', id, 'red');
  const { knex, pool } = api.database;
  const waiting = async (): Promise<number> =>
    (await pool.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`))
      .rowCount ?? 0;
  const holder = await knex.transaction();
  await holder('messages').where({ id }).forUpdate().select('id');
  const blue = vote('two-tabs', id, 'blue');
  await until('the first one waits for the message', async () => (await waiting()) === 1);
  let isTaken = false;
  const red = vote('two-tabs', id, 'red').finally(() => (isTaken = true));
  await until('the second one is taken, or waits', async () => isTaken || (await waiting()) === 2);
  await holder.rollback();
  expect([(await blue).status, (await red).status]).toEqual([204, 204]);
  const counted = await knex('poll_votes').where({ poll: 'raced' }).first<{ value: string }>('value');
  expect(await listed('two-tabs')).toMatchObject([{ answer: counted.value }]);
});
