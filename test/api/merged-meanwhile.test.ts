import { flags } from '../../engine/flags/define';
import { areWaiting } from '../support/locks';
import { until } from '../support/until';
import { asUser } from './as-user';
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
