import { areWaiting } from '../support/locks';
import { until } from '../support/until';
import { asUser } from './as-user';
import { InAppUser } from './in-app-users';
import { startApi, type Answer, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Erases a user, who does something in the moment before the erasure is over. Returns the answer to what they do. */
async function erasedDuring(userId: string, act: () => Promise<Answer>): Promise<Answer> {
  const { knex, pool } = api.database;
  // An erasure ends with this row, so whoever holds it holds up the end.
  const holder = await knex.transaction();
  await holder('erasures').insert({ user_id: userId });
  const erased = api.admin('DELETE', `/v1/users/${userId}`);
  await until('the erasure waits', () => areWaiting(pool, 1));
  const acted = act();
  await until('the user waits, too', () => areWaiting(pool, 2));
  await holder.rollback();
  expect((await erased).status).toBeLessThan(300);
  return acted;
}

async function expectUnknown(userId: string): Promise<void> {
  const { knex } = api.database;
  expect([await knex('users').where({ id: userId }), await knex('events').where({ user_id: userId })]).toEqual([
    [],
    [],
  ]);
}

test.each([
  ['an event', { type: 'track', event: 'Opened' }],
  ['traits', { type: 'identify', traits: { city: 'Turin' } }],
])('%s that meets an erasure does not make the user known again', async (what, call) => {
  const { id } = await InAppUser.create(api.database, `sends ${what}`);
  const answer = await erasedDuring(id, () => asUser(api, id, 'POST', '/v1/in-app/events', { events: [call] }));
  expect(answer.status).toBe(401);
  await expectUnknown(id);
});

test.each(['seen', 'clicked', 'dismissed'])(
  '%s that meets an erasure does not make the user known again',
  async (reaction) => {
    const user = await InAppUser.create(api.database, `has ${reaction}`);
    const message = await user.store({ step: 'hello' });
    const answer = await erasedDuring(user.id, () => asUser(api, user.id, 'POST', `/v1/inbox/${message}/${reaction}`));
    expect(answer.status).toBe(404);
    await expectUnknown(user.id);
  },
);

test('an answer that meets an erasure does not make the user known again', async () => {
  const user = await InAppUser.create(api.database, 'answers');
  const message = await user.store({ step: 'hello' });
  const content = { kind: 'card', title: 'Lunch?', choices: [{ value: 'yes', label: 'Yes' }] };
  await api.database.knex('messages').where({ id: message }).update({ content });
  const answer = await erasedDuring(user.id, () =>
    asUser(api, user.id, 'POST', `/v1/inbox/${message}/answer`, { value: 'yes' }),
  );
  expect(answer.status).toBe(404);
  await expectUnknown(user.id);
});
