import { z } from 'zod';
import { event, journey, lifecycle, policy, traitChanged, type Journey } from '../../engine';
import { advance, type Advanced } from '../../engine/advance/advance';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import { compile } from '../../engine/outline/compile';
import { ENTER } from '../../engine/user/commands';
import { claimMessage } from '../../store/claims';
import { eraseUser } from '../../store/erasure';
import { forgetDue, FORGOTTEN_AT_ONCE } from '../../store/forgetting';
import { createInbox } from '../../store/inbox';
import { ingest } from '../../store/ingest';
import { findLife } from '../../store/lives';
import { mergeUsers } from '../../store/merge-users';
import { addInternalEvent } from '../../store/pending';
import { loadUser, type LoadedUser } from '../../store/state-load';
import { saveUser } from '../../store/state-save';
import { timeline } from '../../store/timeline';
import { receiveTracked, undelivered } from '../../store/tracked-events';
import { testDatabase, type TestDatabase } from '../support/database';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const HOUR = 3_600_000;
const LINK = 'https://example.com/reset/7';
const requested = event(
  'Password Reset Requested',
  z.looseObject({ request: z.string(), link: z.string() }),
  { request: 'R-1', link: LINK },
  { forget: { link: '1 hour' } },
);
const told = event('Told', z.object({ about: z.string() }), { about: 'x' });

let db: TestDatabase;
beforeEach(async () => void (db = await testDatabase()));
afterEach(() => db.drop());

const compiled = (...journeys: readonly Journey[]): Promise<Definitions> =>
  compile({
    journeys,
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy({ quietHours: null }),
    traits: {},
    events: [requested],
  });

/** Sends the link in the app, and waits for a second event. */
const reset = journey('reset', { enter: requested, reenter: 'always' }, async (j) => {
  await j.send('link', { inApp: 'link' }, { data: { text: `Go to ${j.event.properties.link}`, request: 'R-1' } });
  await j.waitFor('again', requested, { within: '2 hours' });
  await j.sleep('a day', '1 day');
});

interface Call {
  readonly name?: string;
  readonly userId?: string;
  readonly messageId?: string;
  readonly properties?: object;
  readonly receivedAt?: number;
  readonly traits?: object;
}

async function receive(definitions: Definitions, first: Call = {}, ...others: readonly Call[]): Promise<void> {
  const { receivedAt = NOW } = first;
  await ingest(db, staticDefinitions(definitions), {
    events: [first, ...others].map(
      ({ name = requested.name, userId = 'ada', messageId = 'one', properties, traits }) => ({
        userId,
        messageId,
        name,
        type: 'track',
        at: receivedAt,
        active: true,
        traits: traits ? JSON.stringify(traits) : null,
        properties: JSON.stringify(properties ?? { request: 'R-1', link: LINK }),
        anonymousId: null,
      }),
    ),
    aliases: [],
    receivedAt,
  });
}

/** Loads the user and decides, and saves nothing. */
async function decide(
  definitions: Definitions,
  now = NOW,
): Promise<{ readonly loaded: LoadedUser; readonly advanced: Advanced }> {
  const loaded = await loadUser(db.pool, definitions, 'ada');
  const advanced = loaded && (await advance(loaded.state, now, definitions));
  if (!loaded || advanced?.kind !== 'advanced') throw new Error('Expected Ada to be decided.');
  return { loaded, advanced };
}

async function decideAndSave(definitions: Definitions, now = NOW): Promise<void> {
  const { loaded, advanced } = await decide(definitions, now);
  expect(await saveUser(db.pool, loaded, advanced, 1)).toBe(true);
}

/** The rows of all tables that have a text in them, by table. */
async function found(text: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ table: string }>(
    `SELECT table_name AS table FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`,
  );
  const hits = await Promise.all(
    rows.map(async ({ table }) => {
      const { rowCount } = await db.pool.query(`SELECT FROM ${table} AS row WHERE row::text LIKE '%' || $1 || '%'`, [
        text,
      ]);
      return Array.from({ length: rowCount ?? 0 }, () => table);
    }),
  );
  return hits.flat();
}

test('after its time a property is gone from every table, and before it from none', async () => {
  const definitions = await compiled(reset);
  await receive(definitions);
  await decideAndSave(definitions);
  await receive(definitions, { messageId: 'two', receivedAt: NOW + 60_000 });
  await decideAndSave(definitions, NOW + 60_000);
  const [message] = (await db.knex('messages').pluck('id')) as string[];
  await createInbox(db).save(String(message), { kind: 'banner', title: 'Your link', body: LINK });
  expect(await found('reset/7')).toEqual(['events', 'events', 'messages', 'runs']);

  expect(await forgetDue(db.pool, NOW + HOUR)).toBe(false);
  expect(await found('reset/7')).toHaveLength(4);
  await forgetDue(db.pool, NOW + HOUR + 1);
  expect(await found('reset/7')).toEqual(['events', 'runs']);
  await forgetDue(db.pool, NOW + HOUR + 60_001);
  expect(await found('reset/7')).toEqual([]);

  expect(await db.knex('events').pluck('properties')).toEqual([{ request: 'R-1' }, { request: 'R-1' }]);
  expect(await db.knex('messages').first('data', 'content')).toEqual({ data: {}, content: { kind: 'banner' } });
  const entries = await timeline(db, 'ada', { after: null, newestFirst: false, limit: 50 });
  expect(JSON.stringify(entries)).not.toContain('reset/7');
  for (const table of ['events', 'runs']) expect(await db.knex(table).whereNotNull('forget_next')).toEqual([]);
});

test('a run whose property is gone goes on as it was, and does not end in an error', async () => {
  const definitions = await compiled(reset);
  await receive(definitions);
  await decideAndSave(definitions);
  await forgetDue(db.pool, NOW + 2 * HOUR);
  await decideAndSave(definitions, NOW + 2 * HOUR);
  const [body] = (await db.knex('runs').pluck('body')) as unknown[];
  expect(body).toMatchObject({
    status: 'active',
    failure: null,
    trigger: { properties: { request: 'R-1' } },
    journal: [
      { step: 'link', status: 'done' },
      { step: 'again', outcome: null },
      { step: 'a day', status: 'waiting' },
    ],
  });
});

test('a decision that was loaded before brings nothing back for good', async () => {
  const definitions = await compiled(reset);
  await receive(definitions);
  const { loaded, advanced } = await decide(definitions);
  await forgetDue(db.pool, NOW + 2 * HOUR);
  expect(await saveUser(db.pool, loaded, advanced, 1)).toBe(true);
  expect(await found('reset/7')).toEqual(['messages', 'runs']);
  await forgetDue(db.pool, NOW + 2 * HOUR);
  expect(await found('reset/7')).toEqual([]);
});

test('a run that is saved while it is forgotten keeps what was decided, and is forgotten the next time', async () => {
  const definitions = await compiled(reset);
  await receive(definitions);
  await decideAndSave(definitions);
  const pool = {
    query: async (...args: readonly unknown[]) => {
      // Between the read of the runs and their update.
      if (JSON.stringify(args).includes('jsonb_to_recordset')) await decideAndSave(definitions, NOW + HOUR / 2);
      return (db.pool.query as (...given: readonly unknown[]) => Promise<unknown>)(...args);
    },
  } as unknown as Pick<TestDatabase['pool'], 'query'>;
  await receive(definitions, { messageId: 'two', receivedAt: NOW + HOUR / 2 });
  await forgetDue(pool, NOW + HOUR + 1);
  expect(await db.knex('runs').first('body')).toMatchObject({
    body: { journal: [{}, { step: 'again', status: 'done' }, {}] },
  });
  await forgetDue(db.pool, NOW + 2 * HOUR);
  expect(await found('reset/7')).toEqual([]);
});

test('a portion is taken at once, and the answer says that there is more', async () => {
  const definitions = await compiled(reset);
  const calls = Array.from({ length: FORGOTTEN_AT_ONCE + 1 }, (_, n) => ({ messageId: `m${n}`, userId: `u${n % 7}` }));
  await receive(definitions, ...calls);
  expect(await forgetDue(db.pool, NOW + 2 * HOUR)).toBe(true);
  expect(await found('reset/7')).toHaveLength(1);
  expect(await forgetDue(db.pool, NOW + 2 * HOUR)).toBe(false);
  expect(await found('reset/7')).toEqual([]);
});

test('what another worker has locked is left to the next time', async () => {
  const definitions = await compiled(reset);
  await receive(definitions);
  await db.knex.transaction(async (transaction) => {
    await transaction('events').forUpdate().select();
    await forgetDue(db.pool, NOW + 2 * HOUR);
  });
  expect(await found('reset/7')).toEqual(['events']);
  await forgetDue(db.pool, NOW + 2 * HOUR);
  expect(await found('reset/7')).toEqual([]);
});

test('an event that was forgotten before it was decided leads to a message that has expired', async () => {
  const plain = journey('plain', { enter: requested }, async (j) => {
    await j.send('link', { inApp: 'link' }, { data: { link: j.event.properties.link } });
  });
  const definitions = await compiled(plain);
  await receive(definitions);
  await forgetDue(db.pool, NOW + 2 * HOUR);
  await decideAndSave(definitions, NOW + 2 * HOUR);
  expect(await db.knex('messages').select('status', 'cause', 'data')).toEqual([
    { status: 'suppressed', cause: 'expired', data: {} },
  ]);
});

test('an event that is sent again after it was forgotten is not stored again', async () => {
  const definitions = await compiled(reset);
  await receive(definitions);
  await forgetDue(db.pool, NOW + 2 * HOUR);
  await receive(definitions, { receivedAt: NOW + 2 * HOUR });
  expect(await found('reset/7')).toEqual([]);
});

test('only events with something to forget are marked, also in one batch with others and with a change of a trait', async () => {
  const watching = journey('watching', { enter: traitChanged('plan') }, (j) => j.sleep('a day', '1 day'));
  const definitions = await compiled(reset, watching);
  await receive(
    definitions,
    { name: 'Asked', messageId: 'a', properties: { link: LINK }, traits: { plan: 'pro' } },
    { messageId: 'b', properties: { request: 'R-2' } },
    { messageId: 'c' },
  );
  expect(await db.knex('events').orderBy('message_id').select('message_id', 'forget_at', 'forget_next')).toEqual([
    { message_id: 'a', forget_at: null, forget_next: null },
    { message_id: 'b', forget_at: null, forget_next: null },
    { message_id: 'c', forget_at: { link: NOW + HOUR }, forget_next: NOW + HOUR },
    { message_id: 'sojourn:changed:plan:a', forget_at: null, forget_next: null },
  ]);
});

test('a message that is claimed gets the property by its data, and not by the event', async () => {
  const definitions = await compiled(reset);
  await receive(definitions);
  await decideAndSave(definitions);
  await db.knex('messages').update({ status: 'queued', lease_until: null });
  const [id] = (await db.knex('messages').pluck('id')) as string[];
  const claim = await claimMessage(db.pool, String(id), 1, {});
  if (claim.kind !== 'claimed') throw new Error('Expected the message to be claimed.');
  const { expiresAt, data, event: shown } = claim.message;
  expect(expiresAt).toBe(NOW + HOUR);
  expect(data).toEqual({ text: `Go to ${LINK}`, request: 'R-1' });
  expect(shown).toMatchObject({ name: requested.name });
  expect(shown.properties).toEqual({ request: 'R-1' });
});

test('content that is rendered too late is not stored', async () => {
  const definitions = await compiled(reset);
  await receive(definitions);
  await decideAndSave(definitions);
  await forgetDue(db.pool, NOW + 2 * HOUR);
  const [id] = (await db.knex('messages').pluck('id')) as string[];
  await createInbox(db).save(String(id), { title: LINK });
  expect(await found('reset/7')).toEqual([]);
});

test('an entry by hand is forgotten as the event would be', async () => {
  const definitions = await compiled(reset);
  await receive(definitions, { name: 'Asked', properties: {} });
  const properties = { request: 'R-1', link: LINK };
  const forgetAt = { link: NOW + HOUR };
  await addInternalEvent(db, { userId: 'ada', messageId: 'm', name: `${ENTER}reset`, at: NOW, properties, forgetAt });
  await decideAndSave(definitions);
  expect(await found('reset/7')).toEqual(['events', 'messages', 'runs']);
  await forgetDue(db.pool, NOW + HOUR + 1);
  expect(await found('reset/7')).toEqual([]);
});

test('an event that a journey tracks with the property is forgotten with it', async () => {
  const telling = journey('telling', { enter: requested }, async (j) => {
    await j.track('tell', { userId: 'bob' }, told, { about: j.event.properties.link ?? '' });
  });
  const definitions = await compiled(telling);
  await receive(definitions);
  await decideAndSave(definitions);
  expect(await found('reset/7')).toEqual(['events', 'runs', 'tracked_events']);
  await receiveTracked(db.pool, staticDefinitions(definitions), await undelivered(db.pool, 0), NOW + 5);
  await forgetDue(db.pool, NOW + HOUR + 1);
  expect(await found('reset/7')).toEqual([]);
});

test('what is exported of a user says what was forgotten', async () => {
  const definitions = await compiled(reset);
  await receive(definitions);
  await forgetDue(db.pool, NOW + 2 * HOUR);
  expect((await findLife(db, 'ada'))?.events).toMatchObject([
    { properties: { request: 'R-1' }, forgetAt: { link: NOW + HOUR } },
  ]);
});

test('what a visitor brings into a user is forgotten at its time', async () => {
  const definitions = await compiled(reset);
  await receive(definitions, { userId: 'anon:v' });
  await receive(definitions, { userId: 'ada', messageId: 'two', name: 'Asked', properties: {} });
  await mergeUsers(db.pool, [{ previousId: 'anon:v', userId: 'ada' }], 'visitors', NOW);
  await decideAndSave(definitions);
  expect(await db.knex('events').where({ user_id: 'ada', name: requested.name })).toHaveLength(1);
  await forgetDue(db.pool, NOW + HOUR + 1);
  expect(await found('reset/7')).toEqual([]);
});

test('an erased user leaves nothing to forget', async () => {
  const definitions = await compiled(reset);
  await receive(definitions);
  await decideAndSave(definitions);
  await eraseUser(db, 'ada');
  expect(await forgetDue(db.pool, NOW + 2 * HOUR)).toBe(false);
});

test('the search reads only what is to be forgotten', async () => {
  const definitions = await compiled(reset);
  const calls = Array.from({ length: 3_000 }, (_, n) => ({ name: 'Asked', messageId: `m${n}`, properties: {} }));
  await receive(definitions, ...calls, { messageId: 'one' });
  await db.pool.query('ANALYZE events');
  const { rows } = await db.pool.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT ctid FROM events WHERE forget_next < ${NOW} ORDER BY forget_next LIMIT 200 FOR UPDATE SKIP LOCKED`,
  );
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('events_forget');
});
