import { z } from 'zod';
import { event, inactivity, journey, lifecycle, milestone, policy } from '../../engine';
import type { Advanced } from '../../engine/advance/advance';
import { staticDefinitions, type DefinitionsProvider } from '../../engine/definitions/definitions';
import { compile } from '../../engine/outline/compile';
import { visitorId } from '../../store/aliases';
import { ingest } from '../../store/ingest';
import type { IncomingEvent } from '../../store/ingest-values';
import { mergeUsers } from '../../store/merge-users';
import { takeOverdue } from '../../store/relay';
import { loadAndDecide } from '../../store/state-decide';
import { saveUser } from '../../store/state-save';
import { testDatabase, type TestDatabase } from '../support/database';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = Date.parse('2026-03-02T12:00:00Z');

const signedUp = event('Signed Up', z.object({}), {});
const ordered = event('Order Placed', z.object({}), {});
const mailing = (id: string, enter: Parameters<typeof journey>[1]['enter']): ReturnType<typeof journey> =>
  journey(id, { enter }, async (j) => {
    await j.send('mail', { email: 'mail' });
  });

let db: TestDatabase;
let definitions: DefinitionsProvider;
beforeAll(async () => {
  db = await testDatabase();
  definitions = staticDefinitions(
    await compile({
      journeys: [
        mailing('welcome', signedUp),
        mailing('loyal', milestone(ordered, [2, 4])),
        mailing('come-back', inactivity('14 days')),
      ],
      lifecycle: lifecycle({ initial: 'new', rules: [{ from: ['new'], to: 'customer', on: ordered }] }),
      policy: policy({ quietHours: null }),
      traits: {},
    }),
  );
});
afterAll(() => db.drop());

let calls = 0;
const call = (userId: string, name: string, ago: number, more: Partial<IncomingEvent> = {}): IncomingEvent => ({
  userId,
  messageId: `call ${++calls}`,
  type: 'track',
  name,
  at: NOW - ago,
  active: true,
  traits: null,
  properties: '{}',
  anonymousId: null,
  history: true,
  ...more,
});

async function store(events: readonly IncomingEvent[], receivedAt = NOW): Promise<number> {
  const { stored, pending } = await ingest(db, definitions, { events, aliases: [], receivedAt });
  expect(pending).toEqual([]);
  return stored;
}

async function advance(userId: string, now: number): Promise<Advanced> {
  const decided = await loadAndDecide({ pool: db.pool, definitions, now: () => now }, userId);
  if (!decided) throw new Error('Expected the user to exist.');
  expect(await saveUser(db.pool, decided.loaded, decided.advanced, 1)).toBe(true);
  return decided.advanced;
}

test('history is stored in one round trip, once, as seen, and queues nobody', async () => {
  const events = [call('ada', 'Signed Up', DAY), call('ada', 'Order Placed', MINUTE), call('bob', 'Signed Up', DAY)];
  const query = jest.spyOn(db.pool, 'query');
  expect(await store(events)).toBe(3);
  expect(query).toHaveBeenCalledTimes(1);
  query.mockRestore();
  expect(await store(events)).toBe(0);
  const rows = await db.knex('events').select('history', 'pending');
  expect(rows).toEqual(rows.map(() => ({ history: true, pending: false })));
  expect(await db.knex('start_queue')).toEqual([]);
});

test('the engine counts it and sets the stage when it next looks, and nobody enters by it', async () => {
  await store([call('cleo', 'Signed Up', MINUTE), ...[4, 3, 2].map((n) => call('cleo', 'Order Placed', n * MINUTE))]);
  const met = await advance('cleo', NOW + DAY);
  expect(met.state).toMatchObject({
    runs: [],
    memory: { stage: 'customer', counts: { 'Order Placed': 3 }, entries: {} },
  });
  await ingest(db, definitions, {
    events: [call('cleo', 'Order Placed', -2 * DAY, { history: false })],
    aliases: [],
    receivedAt: NOW + 2 * DAY,
  });
  expect((await advance('cleo', NOW + 2 * DAY)).state.memory).toMatchObject({
    counts: { 'Order Placed': 4 },
    entries: { loyal: { count: 1 } },
  });
});

test('what the engine reads to take history in is not noted as asked for by a step', async () => {
  await store([call('kit', 'Order Placed', 2 * DAY), call('kit', 'Signed Up', DAY)]);
  const onAsked = jest.fn(() => Promise.resolve());
  const decided = await loadAndDecide({ pool: db.pool, definitions, now: () => NOW + DAY, onAsked }, 'kit');
  expect(decided?.advanced.state.memory).toMatchObject({ counts: { 'Order Placed': 1 } });
  expect(onAsked).not.toHaveBeenCalled();
});

test('a user who is known already is taken in as well, once', async () => {
  await ingest(db, definitions, {
    events: [call('dan', 'Order Placed', 0, { history: false })],
    aliases: [],
    receivedAt: NOW,
  });
  await advance('dan', NOW);
  await store([call('dan', 'Order Placed', DAY), call('dan', 'Order Placed', 2 * DAY)], NOW + MINUTE);
  expect((await advance('dan', NOW + 2 * MINUTE)).state.memory).toMatchObject({
    counts: { 'Order Placed': 3 },
    entries: {},
  });
  expect((await advance('dan', NOW + 3 * MINUTE)).state.memory).toMatchObject({ counts: { 'Order Placed': 3 } });
});

test('what is committed after a later import is taken in nevertheless', async () => {
  await store([call('eve', 'Order Placed', DAY)], NOW + MINUTE);
  await advance('eve', NOW + MINUTE);
  // Another process received it earlier and stores it only now.
  await store([call('eve', 'Order Placed', 2 * DAY)], NOW);
  expect((await advance('eve', NOW + 2 * MINUTE)).state.memory).toMatchObject({ counts: { 'Order Placed': 2 } });
});

test('a silence that history began wakes its user when it is over, and one that was over does not', async () => {
  await store([call('fay', 'Page Viewed', 10 * DAY, { type: 'page' }), call('gus', 'Page Viewed', 20 * DAY)]);
  const round = { now: Date.now(), restMs: MINUTE };
  const [early, due] = [NOW + 4 * DAY - 1, NOW + 4 * DAY + 1];
  expect(await takeOverdue(db.pool, round, early)).not.toContain('fay');
  const found = await takeOverdue(db.pool, round, due);
  expect(found).toContain('fay');
  expect(found).not.toContain('gus');
  expect((await advance('fay', due)).state.memory).toMatchObject({ entries: { 'come-back': { count: 1 } } });
  expect((await advance('gus', due)).state.memory).toMatchObject({ entries: {} });
});

test('an imported time zone moves the end of a wait', async () => {
  await ingest(db, definitions, {
    events: [call('kay', 'Order Placed', 0, { history: false })],
    aliases: [],
    receivedAt: NOW,
  });
  await advance('kay', NOW);
  const wakeAt = async (): Promise<unknown> =>
    (await db.knex('users').where({ id: 'kay' }).first<{ wake_at: number }>('wake_at')).wake_at;
  const moved = { type: 'identify', traits: '{"timezone":"Asia/Tokyo"}' } as const;
  await store([call('kay', 'Identify', DAY, { ...moved, traits: '{"name":"Kay"}' })], NOW + MINUTE);
  expect(await wakeAt()).toBeGreaterThan(NOW + DAY);
  await store([call('kay', 'Identify', DAY, moved)], NOW + 2 * MINUTE);
  expect(await wakeAt()).toBe(NOW + 2 * MINUTE);
});

test('history of a visitor is taken in after they have become a user', async () => {
  const visitor = visitorId('laptop');
  await store([call('hal', 'Signed Up', DAY), ...[1, 2, 3].map((n) => call(visitor, 'Order Placed', n * DAY))]);
  await store([call('hal', 'Page Viewed', DAY, { anonymousId: visitor })]);
  expect((await advance('hal', NOW + DAY)).state.memory).toMatchObject({
    stage: 'customer',
    counts: { 'Order Placed': 3 },
  });
});

describe('what a merge brings together is taken in once,', () => {
  const [FIRST, SECOND, LAST] = [NOW, NOW + DAY, NOW + 10 * DAY];
  const orders = (id: string, count: number): IncomingEvent[] =>
    Array.from({ length: count }, (_, n) => call(id, 'Order Placed', (n + 1) * DAY));

  /** Imports one order of the user and three of the visitor, looks at some of them, merges them, and returns the orders counted. */
  async function counted(
    name: string,
    imports: readonly ['user' | 'visitor', 'user' | 'visitor'],
    looks: readonly ('user' | 'visitor')[],
  ): Promise<number | undefined> {
    const ids = { user: `merged ${name}`, visitor: visitorId(`of ${name}`) };
    const times = { [imports[0]]: FIRST, [imports[1]]: SECOND };
    for (const who of imports) await store(orders(ids[who], who === 'user' ? 1 : 3), times[who]);
    for (const who of looks) await advance(ids[who], SECOND + 1);
    const { pending } = await mergeUsers(db.patient, [{ previousId: ids.visitor, userId: ids.user }], 'visitors', LAST);
    if (looks.length === 0) expect(pending).toEqual([]);
    await advance(ids.user, LAST);
    const { state } = await advance(ids.user, LAST + DAY);
    expect(state.memory.stage).toBe('customer');
    return state.memory.counts['Order Placed'];
  }

  const ORDERS = [
    ['user', 'visitor'],
    ['visitor', 'user'],
  ] as const;
  const LOOKED = [[], ['user'], ['visitor'], ['user', 'visitor']] as const;
  test.each(ORDERS.flatMap((imports) => LOOKED.map((looks) => [imports, looks] as const)))(
    'imported in the order %j, after looks at %j',
    async (imports, looks) => {
      expect(await counted(`${imports[0]} ${looks.join()}`, imports, looks)).toBe(4);
    },
  );
});

test('a request that mixes history with other calls stores the history first, and wakes by the others', async () => {
  const live = (traits: string): Partial<IncomingEvent> => ({ type: 'identify', history: false, traits });
  const { pending, stored } = await ingest(db, definitions, {
    events: [
      call('ida', 'Identify', 0, live('{"plan":"pro"}')),
      call('ida', 'Identify', DAY, { type: 'identify', traits: '{"plan":"free"}' }),
      call('ida', 'Signed Up', 0, { history: false }),
    ],
    aliases: [],
    receivedAt: NOW,
  });
  expect(stored).toBe(3);
  expect(pending).toMatchObject([{ userId: 'ida', name: 'Signed Up' }]);
  expect(await db.knex('users').where({ id: 'ida' }).first('traits')).toEqual({ traits: { plan: 'pro' } });
});
