import { join } from 'node:path';
import type { JsonObject } from '../../engine/model/json';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

let stack: TestLifecycle;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys-forgetting') });
  await stack.startWorker();
});
afterAll(() => stack.stop());

const SECRET = 'reset/7f3a';

/** The tables with rows of the user that have the secret. */
async function tablesWithSecret(user: string): Promise<string[]> {
  const { rows } = await stack.database.pool.query<{ name: string }>(
    `SELECT 'events' AS name FROM events e WHERE user_id = $1 AND e::text LIKE '%' || $2 || '%'
     UNION SELECT 'runs' FROM runs r WHERE user_id = $1 AND r::text LIKE '%' || $2 || '%'
     UNION SELECT 'messages' FROM messages m WHERE user_id = $1 AND m::text LIKE '%' || $2 || '%' ORDER BY name`,
    [user, SECRET],
  );
  return rows.map(({ name }) => name);
}

/** Everything that the user has stored becomes older by the hour for which it is kept. */
async function anHourPasses(user: string): Promise<void> {
  const earlier = `jsonb_build_object('link', (extract(epoch FROM now()) * 1000)::bigint - 1)`;
  await stack.database.pool.query(
    `UPDATE events SET forget_at = ${earlier}, forget_next = 1 WHERE user_id = $1 AND forget_next IS NOT NULL`,
    [user],
  );
  await stack.database.pool.query(
    `UPDATE messages SET forget_next = 1 WHERE user_id = $1 AND forget_next IS NOT NULL`,
    [user],
  );
  await stack.database.pool.query(
    `UPDATE runs SET body = jsonb_set(body, '{trigger,forgetAt}', ${earlier}), forget_next = 1 WHERE user_id = $1`,
    [user],
  );
}

const traitsOf = async (user: string): Promise<JsonObject> =>
  (await stack.database.knex('users').where({ id: user }).first<{ traits: JsonObject }>('traits')).traits;

test('a worker forgets what is due, and a run that is still open goes on without it', async () => {
  const user = stack.newUser();
  await stack.track(user, 'Password Reset Requested', { link: `https://example.com/${SECRET}` });
  await until('the mail', () => stack.smtp.messages.length === 1);
  expect(stack.smtp.messages[0]?.mail.html).toContain(SECRET);
  await until('the record', async () => (await stack.database.knex('messages').pluck('status')).includes('sent'));
  expect(await tablesWithSecret(user)).toEqual(['events', 'messages', 'runs']);

  await anHourPasses(user);
  await until('the end of the secret', async () => (await tablesWithSecret(user)).length === 0);
  await stack.track(user, 'Password Changed');
  await until('the end of the run', async () => 'known' in (await traitsOf(user)));
  expect(await traitsOf(user)).toMatchObject({ known: true, linkAtTheEnd: 'forgotten' });
  expect(await stack.database.knex('runs').select('status')).toEqual([{ status: 'completed' }]);
  expect(await tablesWithSecret(user)).toEqual([]);
  expect(await stack.readableHistory(user)).not.toContain(SECRET);
});
