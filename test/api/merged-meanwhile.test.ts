import { flags } from '../../engine/flags/define';
import { mergeUsers } from '../../store/merge-users';
import { areWaiting } from '../support/locks';
import { until } from '../support/until';
import { asUser } from './as-user';
import { InAppUser } from './in-app-users';
import { startApi, testDefinitions, type TestApi } from './server';

const DEFINED = flags({ beta: { default: 'no', rules: [{ when: { traits: { plan: 'pro' } }, value: 'yes' }] } });

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ code: { ...(await testDefinitions()), flags: DEFINED } });
});
afterAll(() => api.stop());

test.each([
  ['GET', '/v1/flags', undefined],
  ['POST', '/ofrep/v1/evaluate/flags', {}],
  ['POST', '/ofrep/v1/evaluate/flags/beta', {}],
] as const)(
  '%s %s with a token reads only its user, also when they are merged into another one meanwhile',
  async (method, path, body) => {
    const { knex, pool } = api.database;
    const [before, after] = [`before ${path}`, `after ${path}`];
    await api.write('/v1/identify', { userId: before, traits: { plan: 'free' } });
    await api.write('/v1/identify', { userId: after, traits: { plan: 'pro' } });
    const holder = await knex.transaction();
    // The token is checked without this table, and the flags are read from it.
    await holder.raw('LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
    const reading = asUser(api, before, method, path, body);
    await until('the flags are about to be read', () => areWaiting(pool, 1));
    await holder('users').where({ id: before }).delete();
    await holder('aliases').insert({ previous_id: before, user_id: after });
    await holder.commit();
    const { status, text } = await reading;
    expect([status, text]).toEqual([200, expect.stringContaining('no')]);
    expect(text).not.toContain('yes');
  },
);

test('a reaction that meets a merge of its user is that of the user they become', async () => {
  const { knex, pool, patient } = api.database;
  const visitor = await InAppUser.create(api.database, 'anon:reacts');
  const message = await visitor.store({ step: 'hello' });
  const other = await InAppUser.create(api.database, 'other');
  const holder = await knex.transaction();
  // A merge ends with this row, so whoever holds it holds up the end.
  await holder('aliases').insert({ previous_id: visitor.id, user_id: other.id });
  const merged = mergeUsers(patient, [{ previousId: 'reacts', userId: 'becomes' }], 'visitors', Date.now());
  await until('the merge waits', () => areWaiting(pool, 1));
  const reacted = asUser(api, visitor.id, 'POST', `/v1/inbox/${message}/clicked`);
  await until('the reaction waits for the visitor', () => areWaiting(pool, 2));
  await holder.rollback();
  await merged;
  expect((await reacted).status).toBe(204);
  const events = await knex('events').where({ user_id: 'becomes' }).whereLike('name', 'Message %').orderBy('name');
  expect(events).toMatchObject([{ name: 'Message Clicked' }, { name: 'Message Seen' }]);
  const clicked = await knex('messages').where({ id: message, user_id: 'becomes' }).whereNotNull('clicked_at');
  expect(clicked).toHaveLength(1);
});
