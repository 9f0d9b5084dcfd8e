import { Pool } from 'pg';
import type { Envelope } from '../../activities/channels/channel';
import { deliver } from '../../activities/deliver';
import type { ActivityDeps } from '../../activities/deps';
import type { JsonObject } from '../../engine/model/json';
import { STATE_FORMAT } from '../../engine/model/state';
import type { AnswersRead } from '../../store/answers-read';
import { NEWER_RELEASE } from '../../workflows/failures';
import { testDatabase, type TestDatabase } from '../support/database';
import { depsWith, ID, storeMessage } from './support';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

test('unexpected errors of a channel get longer pauses each time, and their text does not leave the worker', async () => {
  await storeMessage(database, { attempts: 4 });
  const deps = await depsWith(database, async () => {
    throw new TypeError('no such person as ada@example.com');
  });
  const failure = { type: 'TypeError', message: 'TypeError', nextRetryDelay: 160_000 };
  await expect(deliver(deps, ID)).rejects.toMatchObject(failure);
});

test('deliveries retry at long intervals while the database is down', async () => {
  const sent = await depsWith(database, async () => ({ outcome: 'sent', providerId: '1' }));
  await expect(deliver({ ...sent, ...unreachable() }, ID)).rejects.toMatchObject({ nextRetryDelay: 30_000 });
});

const decided = { status: 'done', enteredAt: 0, reason: '', facts: {} };
const answer = (step: string, code: string, at: number): JsonObject => {
  return { ...decided, step, kind: 'call', outcome: { code }, at };
};
const sent = { outcome: { status: 'sent', channel: 'email', reason: '' }, content: 'c' };
const welcome = { ...decided, ...sent, step: 'welcome', kind: 'send', at: 2 };

/** Delivers Ada's message of a run with this journal. Returns the answers that its template gets. */
async function answersFor(journal: readonly JsonObject[], answersRead: AnswersRead): Promise<Envelope['steps']> {
  const run_id = '11111111-1111-4111-8111-111111111111';
  await storeMessage(database, { run_id, decided_at: 2 });
  const trigger = { id: '1', name: 'Signed Up', at: 0, properties: {} };
  const run = { id: run_id, user_id: 'ada', journey: 'trial', status: 'active', entered_at: 0 };
  await database.knex('runs').insert({ ...run, body: { trigger, journal } });
  let steps: Envelope['steps'] = {};
  const deps = await depsWith(database, async (envelope) => {
    steps = envelope.steps;
    return { outcome: 'sent', providerId: '1' };
  });
  await deliver({ ...deps, answersRead }, ID);
  return steps;
}

test.each<[string, AnswersRead, JsonObject]>([
  ['all that are before its message', { 'trial/email/welcome': true }, { coupon: { code: 'A' }, quiz: { code: 'Q' } }],
  ['those that it reads', { 'trial/email/welcome': ['coupon', 'later'] }, { coupon: { code: 'A' } }],
  ['those that it reads if it is shared', { '*/email/welcome': ['quiz'] }, { quiz: { code: 'Q' } }],
  ['none that only a shared one reads', { '*/email/welcome': ['quiz'], 'trial/email/welcome': [] }, {}],
  ['none if it reads none', { 'trial/email/bye': true, 'trial/inApp/welcome': true }, {}],
])('of the answers in a stored run, a template gets %s', async (_, answersRead, expected) => {
  const journal = [answer('coupon', 'A', 1), answer('quiz', 'Q', 1), welcome, answer('later', 'B', 3)];
  expect(await answersFor(journal, answersRead)).toEqual(expected);
});

test('a message whose step an edit has renamed gets the answers from before it was decided', async () => {
  const first = { ...welcome, step: 'hello' };
  const renamed = { ...welcome, at: 9, status: 'skipped', cause: 'renamed', renamedFrom: 'hello' };
  const journal = [answer('coupon', 'A', 1), first, renamed, answer('later', 'B', 3)];
  expect(await answersFor(journal, { 'trial/email/welcome': ['coupon', 'later'] })).toEqual({ coupon: { code: 'A' } });
});

test('a message in a journal of a newer format is left to the workers that know it', async () => {
  await storeMessage(database);
  await database.knex('users').update({ state_format: STATE_FORMAT + 1 });
  const deps = await depsWith(database, () => Promise.reject(new Error('it must not be tried')));
  await expect(deliver(deps, ID)).rejects.toMatchObject({ type: NEWER_RELEASE });
});

test('a message of no run has no answers', async () => {
  await storeMessage(database);
  let steps;
  const deps = await depsWith(database, async (envelope) => {
    steps = envelope.steps;
    return { outcome: 'sent', providerId: '1' };
  });
  await deliver(deps, ID);
  expect(steps).toEqual({});
});

/** A pool for a server that does not exist. */
function unreachable(): Pick<ActivityDeps, 'pool'> {
  return { pool: new Pool({ connectionString: 'postgres://127.0.0.1:1/none' }) };
}
