import { compile } from '../../engine/outline/compile';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { event, journey, lifecycle, policy, type JsonObject, type SendOptions, type Steps } from '../../engine';
import { advance } from '../../engine/advance/advance';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import { LEAVE } from '../../engine/user/commands';
import { recordCall } from '../../store/calls';
import { eraseUser } from '../../store/erasure';
import { createInbox } from '../../store/inbox';
import { ingest } from '../../store/ingest';
import { addInternalEvent } from '../../store/pending';
import { takeUndelivered } from '../../store/relay';
import { loadUser } from '../../store/state-load';
import { saveUser } from '../../store/state-save';
import { testDatabase, type TestDatabase } from '../support/database';

const NIGHT = Date.parse('2026-01-05T23:00:00Z');
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const MORNING = NIGHT + 9 * 60 * MINUTE;
const started = event('Started', z.object({}), {});

let db: TestDatabase;
beforeEach(async () => void (db = await testDatabase()));
afterEach(() => db.drop());

function defined(run: (j: Steps) => Promise<void>): Promise<Definitions> {
  return compile({
    journeys: [journey('trial', { enter: started }, run)],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy(),
    traits: {},
  });
}

async function start(definitions: Definitions): Promise<void> {
  const at = NIGHT;
  const call = { type: 'track', name: 'Started', properties: '{}', at, active: true, anonymousId: null } as const;
  const traits = JSON.stringify({ email: 'ada@example.com' });
  const events = [{ ...call, userId: 'ada', messageId: 'started', traits }];
  await ingest(db, staticDefinitions(definitions), { events, aliases: [], receivedAt: at });
}

/** Loads, advances and saves the user once. True if the save succeeded. */
async function decide(definitions: Definitions, now: number): Promise<boolean> {
  const loaded = await loadUser(db.pool, definitions, 'ada');
  if (!loaded) throw new Error('There is no such user.');
  const advanced = await advance(loaded.state, now, definitions);
  if (advanced.kind === 'missing history') throw new Error('The engine needs more.');
  return saveUser(db.pool, loaded, advanced, 1);
}

const idIn = async (table: string): Promise<string> => String(((await db.knex(table).pluck('id')) as unknown[])[0]);
const messages = (): Promise<unknown[]> => db.knex('messages').select('status', 'reason');

test('taking a user out of an edited journey cancels their held message', async () => {
  const before = await defined(async (j) => {
    await j.send('welcome', { email: 'welcome' });
  });
  const edited = await defined(async (j) => {
    await j.send('welcome', { email: 'welcome' });
    await j.sleep('a day', '1 day');
  });
  await start(before);
  await decide(before, NIGHT);
  expect(await messages()).toEqual([{ status: 'held', reason: 'quiet hours' }]);

  const at = NIGHT + MINUTE;
  await addInternalEvent(db, { userId: 'ada', messageId: 'leave', name: `${LEAVE}trial`, at, properties: {} });
  expect(await decide(edited, at)).toBe(true);
  expect(await messages()).toEqual([{ status: 'cancelled', reason: 'left the journey' }]);
});

test('a held message whose step an edit makes one of another kind, and a rollback a message again, goes out once', async () => {
  const mailed = await defined(async (j) => {
    await j.send('welcome', { email: 'welcome' });
  });
  const slept = await defined((j) => j.sleep('welcome', '30 days'));
  await start(mailed);
  await decide(mailed, NIGHT);
  expect(await decide(slept, NIGHT + MINUTE)).toBe(true);
  expect(await messages()).toEqual([{ status: 'cancelled', reason: 'removed from the journey' }]);
  expect(await decide(mailed, NIGHT + 2 * MINUTE)).toBe(true);
  expect(await messages()).toEqual([{ status: 'held', reason: 'quiet hours' }]);
  expect(await decide(mailed, MORNING)).toBe(true);
  expect(await messages()).toEqual([{ status: 'sending', reason: 'allowed' }]);
});

test('a message that is held goes out as an edit made it meanwhile', async () => {
  const sending = (
    data: JsonObject,
    options: Pick<SendOptions, 'transactional' | 'expires'> = {},
  ): Promise<Definitions> =>
    defined(async (j) => {
      await j.send('welcome', { email: 'welcome' }, { ...options, data });
    });
  await start(await sending({ name: 'Ada' }));
  await decide(await sending({ name: 'Ada' }), NIGHT);
  const edited = await sending({ firstName: 'Ada' }, { transactional: true, expires: '2 days' });
  expect(await decide(edited, NIGHT + MINUTE)).toBe(true);
  const stored = await db.knex('messages').select('status', 'data', 'transactional', 'expires_at');
  expect(stored).toEqual([
    { status: 'sending', data: { firstName: 'Ada' }, transactional: true, expires_at: NIGHT + 2 * DAY },
  ]);
});

test('a user is saved even if their journey cuts an emoji in half', async () => {
  const definitions = await defined(async (j) => {
    await j.pick('initial', () => '\u{1f600} Ada'.slice(0, 1));
    await j.send('welcome', { inApp: 'welcome' }, { data: { initial: '\u{1f600}'.slice(1), name: 'A\0da' } });
    await j.sleep('a day', '1 day');
  });
  await start(definitions);
  expect(await decide(definitions, NIGHT)).toBe(true);
  expect(await db.knex('messages').select('data')).toEqual([{ data: { initial: '', name: 'Ada' } }]);
});

test('a decision about a user who has since been erased is not saved for a new user with the same id', async () => {
  const definitions = await defined(async (j) => j.sleep('a day', '1 day'));
  await start(definitions);
  const loaded = await loadUser(db.pool, definitions, 'ada');
  if (!loaded) throw new Error('There is no such user.');
  const advanced = await advance(loaded.state, NIGHT, definitions);
  await eraseUser(db, 'ada');
  await start(definitions);
  expect(advanced.kind === 'advanced' && (await saveUser(db.pool, loaded, advanced, 1))).toBe(false);
});

test('a user is saved with a key of any length', async () => {
  const key = randomBytes(6_000).toString('base64');
  const orders = journey('orders', { enter: started, key: () => key }, async (j) => j.sleep('a day', '1 day'));
  const definitions = await compile({ ...(await defined(async () => undefined)), journeys: [orders] });
  await start(definitions);
  expect(await decide(definitions, NIGHT)).toBe(true);
  expect(await db.knex('runs').select('status')).toEqual([{ status: 'active' }]);
});

test('half an emoji in the answer of a call or in a rendered template can be saved too', async () => {
  const definitions = await defined(async (j) => {
    await j.send('welcome', { inApp: 'welcome' });
    await j.call('initial', async () => '');
    await j.sleep('a day', '1 day');
  });
  await start(definitions);
  await decide(definitions, NIGHT);
  const run = await idIn('runs');
  const message = await idIn('messages');
  const half = 'A\u{1f600}'.slice(0, 2);
  await recordCall(db.pool, { userId: 'ada', runId: run, step: 'initial', result: half, now: NIGHT });
  await createInbox(db).save(message, { title: half });
  expect(await db.knex('events').where({ type: 'internal' }).first('properties')).toMatchObject({
    properties: { result: 'A' },
  });
  expect(await db.knex('messages').select('content')).toEqual([{ content: { title: 'A' } }]);
});

test('of many messages the first fifty are claimed, and the others are due at once, so that they are found if the worker dies', async () => {
  const definitions = await defined(async (j) => {
    for (let n = 1; n <= 60; n++) await j.send(`message ${n}`, { email: 'welcome' }, { transactional: true });
  });
  await start(definitions);
  expect(await decide(definitions, NIGHT)).toBe(true);
  const count = async (condition: string): Promise<number> =>
    (await db.knex('messages').whereRaw(condition).pluck('id')).length;
  expect(await count(`status = 'sending' AND attempts = 1 AND lease_until > now()`)).toBe(50);
  expect(await count(`status = 'queued' AND attempts = 0 AND lease_until <= now()`)).toBe(10);
  // As long after a crash as it takes for the claims to run out.
  await db.pool.query(`UPDATE messages SET lease_until = lease_until - interval '1 minute'`);
  const round = { now: Date.now(), restMs: 0 };
  expect(await takeUndelivered(db.pool, round, 15)).toEqual(['ada']);
  const unclaimed = await loadUser(db.pool, definitions, 'ada');
  expect(unclaimed?.open).toHaveLength(60);
});
