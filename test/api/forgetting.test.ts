import { z } from 'zod';
import { event, journey } from '../../engine';
import { forgetDue } from '../../store/forgetting';
import { asUser } from './as-user';
import { InAppUser } from './in-app-users';
import { startApi, testDefinitions, type Answer, type TestApi } from './server';

const requested = event(
  'Reset Requested',
  z.looseObject({ link: z.string() }),
  { link: 'https://example.com/reset/abc' },
  { forget: { link: '1 hour' } },
);
const HOUR = 3_600_000;
/** The catalogue's event of answers, as a team declares it that keeps no answers for good. */
const answeredForAWhile = event(
  'Message Answered',
  z.looseObject({ step: z.string(), value: z.string(), answers: z.record(z.string(), z.json()) }),
  { step: 'hello', value: '7', answers: { score: 7 } },
  { forget: { value: '2 hours', answers: '1 hour' } },
);

let api: TestApi;
beforeAll(async () => {
  const reset = journey('reset', { enter: requested }, async (j) => {
    await j.send('welcome', { email: 'welcome' }, { data: { link: j.event.properties.link } });
  });
  const followUp = journey('follow-up', { enter: answeredForAWhile }, async (j) => {
    await j.sleep('a while', '1 day');
  });
  api = await startApi({ code: await testDefinitions(reset, followUp) });
});
afterAll(() => api.stop());

interface Row {
  readonly received_at: number;
  readonly forget_at: Record<string, number> | null;
  readonly forget_next: number | null;
}

async function rows(name: string): Promise<Row[]> {
  const text = 'SELECT received_at, forget_at, forget_next FROM events WHERE name = $1';
  return (await api.database.pool.query<Row>(text, [name])).rows;
}

test('an event of an app has the times at which its properties are forgotten', async () => {
  const properties = { link: 'https://example.com/reset/7' };
  await api.write('/v1/track', { userId: 'ada', event: 'Reset Requested', properties });
  await api.write('/v1/track', { userId: 'ada', event: 'Signed Up', properties: { ...properties, plan: 'free' } });
  const stored = await rows('Reset Requested');
  const at = stored[0]?.received_at ?? 0;
  expect(stored).toEqual([{ received_at: at, forget_at: { link: at + HOUR }, forget_next: at + HOUR }]);
  expect(await rows('Signed Up')).toMatchObject([{ forget_at: null, forget_next: null }]);
});

test('so has an entry by hand, which stands for such an event', async () => {
  await api.write('/v1/identify', { userId: 'bob', traits: { email: 'bob@example.com' } });
  const properties = { link: 'https://example.com/reset/8' };
  expect(await api.admin('POST', '/v1/users/bob/journeys/reset', { properties })).toMatchObject({ status: 202 });
  const stored = await rows('sojourn:enter:reset');
  const at = stored[0]?.received_at ?? 0;
  expect(stored).toEqual([{ received_at: at, forget_at: { link: at + HOUR }, forget_next: at + HOUR }]);
});

test('so has the answer to a message, which is forgotten with the message as well', async () => {
  const { knex, pool } = api.database;
  const user = await InAppUser.create(api.database, 'cleo');
  const id = await user.store({ step: 'hello' });
  const questions = [
    { id: 'score', type: 'nps', ask: 'How likely?' },
    { id: 'why', type: 'text', ask: 'Why?' },
  ];
  const content = JSON.stringify({ kind: 'survey', title: 'T', questions });
  await knex('messages').where({ id }).update({ content });
  const answer = (answers: object, done: boolean): Promise<Answer> =>
    asUser(api, user.id, 'POST', `/v1/inbox/${id}/answer`, { answers, done });
  const kept = (): Promise<unknown> => knex('messages').where({ id }).first('answer', 'answers');
  await answer({ why: 'Because of Bo' }, false);
  await answer({ score: 7 }, true);
  const [stored] = await rows('Message Answered');
  const at = stored?.received_at ?? 0;
  expect(stored?.forget_at).toEqual({ value: at + 2 * HOUR, answers: at + HOUR });

  await forgetDue(pool, at + HOUR);
  expect(await kept()).toEqual({ answer: '7', answers: { score: 7, why: 'Because of Bo' } });
  await forgetDue(pool, at + HOUR + 1);
  expect(await kept()).toEqual({ answer: '7', answers: null });
  await forgetDue(pool, at + 2 * HOUR + 1);
  expect(await kept()).toEqual({ answer: null, answers: null });
  // The user is still done, and the same again changes nothing.
  expect((await answer({ score: 7 }, true)).status).toBe(204);
  expect(await kept()).toEqual({ answer: null, answers: null });
  expect(await knex('messages').where({ id }).whereNotNull('answered_at')).toHaveLength(1);
});
