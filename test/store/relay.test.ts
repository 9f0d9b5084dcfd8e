import { compile } from '../../engine/outline/compile';
import { inactivity } from '../../engine/user/triggers';
import { z } from 'zod';
import { searchesOf } from '../../activities/lost-wake-ups';
import { TimerLateness } from '../../activities/timer-lateness';
import { event, every, journey, lifecycle, policy, trait, yearly } from '../../engine';
import { realClock } from '../../engine/model/clock';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import type { Journey } from '../../engine/authoring/journey';
import { ingest } from '../../store/ingest';
import { ERASURES, pendingErasures } from '../../store/erasure';
import { takeEdited, takeOverdue, takePending, takeUnanswered, takeUndelivered } from '../../store/relay';
import { Release } from '../../store/releases';
import { testDatabase, type TestDatabase } from '../support/database';
import { fullReads } from '../support/full-reads';
import { VirtualUser } from '../support/virtual-user';

const MINUTE = 60_000;
const ASKED_AT = Date.parse('2026-01-05T12:00:00Z');

let db: TestDatabase;
beforeEach(async () => void (db = await testDatabase()));
afterEach(() => db.drop());

async function waitingForCall(relayedAt: number): Promise<void> {
  await db.knex('users').insert({ id: 'ada', created_at: 0, last_seen_at: 0, relayed_at: relayedAt });
  await db.knex('runs').insert({
    id: 'd520036d-3ce2-5491-8207-ef03816b1ea3',
    user_id: 'ada',
    journey: 'trial',
    status: 'active',
    position: 'open an account for o17',
    entered_at: ASKED_AT,
    body: JSON.stringify({
      journal: [{ step: 'open an account for o17', enteredAt: ASKED_AT, kind: 'call', status: 'waiting' }],
    }),
  });
}

/** The users that a round wakes, at this time after the call was asked for. */
function told(afterMs: number): Promise<string[]> {
  const now = ASKED_AT + afterMs;
  const round = { now, restMs: 10_000 };
  return takeUnanswered(
    db.pool,
    round,
    now - MINUTE / 2,
    realClock(() => now),
  );
}

test('a call has time to be answered before its user is woken, even if they were last woken before it was asked for', async () => {
  await waitingForCall(ASKED_AT - 1_000);
  expect(await told(MINUTE / 3)).toEqual([]);
  expect(await told(MINUTE)).toEqual(['ada']);
});

test('a user with an unanswered call is woken at growing intervals', async () => {
  await waitingForCall(0);
  const rounds: number[] = [];
  for (let afterMs = 0; afterMs <= 60 * MINUTE; afterMs += 10_000)
    if ((await told(afterMs)).length > 0) rounds.push(afterMs / MINUTE);
  expect(rounds.slice(1).map((at, index) => at / (rounds[index] ?? 0) >= 2)).toEqual(rounds.slice(1).map(() => true));
  expect(rounds.length).toBeGreaterThan(4);
});

describe('an edit wakes', () => {
  const waitsIn = (id: string, more: Partial<Parameters<typeof journey>[1]> = {}): Journey =>
    journey(id, { enter: event(`${id} begun`, z.looseObject({}), {}), ...more }, async (j) => {
      await j.sleep('a while', '7 days');
    });
  const failing = journey('failing', { enter: event('failing begun', z.looseObject({}), {}) }, () =>
    Promise.reject(new Error('oh no')),
  );
  const JOURNEYS = [waitsIn('first'), waitsIn('second'), failing];
  const define = (journeys: readonly Journey[], limits = policy()): Promise<Definitions> =>
    compile({ journeys, lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: limits, traits: {} });

  /** Puts one user into each journey, and returns the users that are woken once the edited definitions are current. */
  async function toldOf(
    edited: Definitions,
    meanwhile: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<string[]> {
    const before = await define(JOURNEYS);
    const release = new Release(db.pool);
    await release.become(before);
    for (const { id } of JOURNEYS) {
      const person = new VirtualUser(db, `in ${id}`, before);
      await person.receive({ id: '1', name: `${id} begun`, at: ASKED_AT, receivedAt: ASKED_AT, properties: {} });
    }
    await meanwhile();
    await release.become(edited);
    return (await takeEdited(db.pool, { now: ASKED_AT, restMs: 0.25 }, edited, release.seq)).sort();
  }

  test.each<[string, () => Promise<Definitions>, string[]]>([
    ['nobody if nothing changed', () => define(JOURNEYS), []],
    [
      'users in the journey that changed, and users with a parked run',
      () => define([waitsIn('first', { reenter: 'always' }), ...JOURNEYS.slice(1)]),
      ['in failing', 'in first'],
    ],
    [
      'users in a journey that was removed, and users with a parked run',
      () => define(JOURNEYS.slice(1)),
      ['in failing', 'in first'],
    ],
    [
      'only users with a parked run if a journey is added',
      () => define([...JOURNEYS, waitsIn('third')]),
      ['in failing'],
    ],
    [
      'all users if an edit lets silence start another journey',
      () => define([...JOURNEYS, waitsIn('third', { enter: inactivity('7 days') })]),
      ['in failing', 'in first', 'in second'],
    ],
    [
      'all users if the policy changed',
      () => define(JOURNEYS, policy({ quietHours: null })),
      ['in failing', 'in first', 'in second'],
    ],
  ])('%s', async (_, edited, expected) => {
    expect(await toldOf(await edited())).toEqual(expected);
  });

  describe('users who are inside no journey', () => {
    const outside = async (): Promise<void> => {
      const { version } = await define(JOURNEYS);
      const user = { created_at: 0, last_seen_at: 0 };
      const known = { ...user, memory: JSON.stringify({ version }), awaiting_version: version };
      const traits = JSON.stringify({ birthday: '03-01' });
      await db.knex('users').insert([
        { ...known, id: 'outside' },
        { ...user, id: 'outside, unknown' },
        { ...known, id: 'outside, with a date', traits },
        { ...user, id: 'outside, with a date, unknown', traits },
      ]);
    };
    const added = (enter: Parameters<typeof journey>[1]['enter']): Promise<Definitions> =>
      define([...JOURNEYS, waitsIn('third', { enter })]);

    test.each<[string, () => Promise<Definitions>, string[]]>([
      ['if silence can let them enter', () => added(inactivity('7 days')), ['outside', 'outside, with a date']],
      [
        'if the calendar can let them enter, also those the engine does not know',
        () => added(every({ at: '09:00' })),
        ['outside', 'outside, unknown', 'outside, with a date', 'outside, with a date, unknown'],
      ],
      [
        'if a date of theirs can let them enter, also those the engine does not know',
        () => added(yearly(trait('birthday'), { at: '10:00' })),
        ['outside, with a date', 'outside, with a date, unknown'],
      ],
      ['never for another journey', () => define([...JOURNEYS, waitsIn('third')]), []],
    ])('%s', async (_, edited, expected) => {
      const woken = await toldOf(await edited(), outside);
      expect(woken.filter((id) => id.startsWith('outside'))).toEqual(expected);
    });

    test('once: whoever was decided with the same entries by time is left alone', async () => {
      const before = await added(every({ at: '09:00' }));
      const release = new Release(db.pool);
      await release.become(before);
      const { version } = before;
      await db.knex('users').insert({
        id: 'outside',
        created_at: 0,
        last_seen_at: 0,
        memory: JSON.stringify({ version }),
        awaiting_version: version,
      });
      const edited = await define([...JOURNEYS.slice(1), waitsIn('third', { enter: every({ at: '09:00' }) })]);
      await release.become(edited);
      expect(await takeEdited(db.pool, { now: ASKED_AT, restMs: 0.25 }, edited, release.seq)).toEqual([]);
    });
  });

  describe('users of whom only history is known', () => {
    const weekly = waitsIn('weekly', { enter: every({ weekday: 5, at: '09:00' }) });
    const birthday = waitsIn('birthday', { enter: yearly(trait('birthday'), { at: '10:00' }) });
    const DAY = 24 * 60 * MINUTE;

    /** Imports people under these journeys, and returns who is woken at once, and who is after an edit. */
    async function woken(journeys: readonly Journey[], edited: readonly Journey[]): Promise<string[][]> {
      const before = await define(journeys);
      const release = new Release(db.pool);
      await release.become(before);
      const call = { messageId: '1', active: true, properties: '{}', anonymousId: null, history: true };
      const born = JSON.stringify({ birthday: '03-01' });
      const events = [
        { ...call, userId: 'fay', type: 'track', name: 'Ordered', at: ASKED_AT - 10 * DAY, traits: null },
        { ...call, userId: 'gus', type: 'identify', name: 'Identify', at: ASKED_AT - DAY, traits: born },
      ] as const;
      await ingest(db, staticDefinitions(before), { events, aliases: [], receivedAt: ASKED_AT });
      const round = { now: ASKED_AT, restMs: 0.25 };
      const atOnce = await takeEdited(db.pool, round, before, release.seq);
      const after = await define(edited);
      await release.become(after);
      return [atOnce, (await takeEdited(db.pool, round, after, release.seq)).sort()];
    }

    test.each<[string, Journey[], Journey[], string[]]>([
      [
        'if silence can let them enter',
        [weekly, birthday],
        [waitsIn('back', { enter: inactivity('14 days') })],
        ['fay', 'gus'],
      ],
      ['if the calendar can', [], [weekly], ['fay', 'gus']],
      ['if a date of theirs can', [], [birthday], ['gus']],
      [
        'not by the import itself, and not for another journey',
        [weekly, birthday],
        [weekly, birthday, waitsIn('x')],
        [],
      ],
    ])('%s', async (_, journeys, edited, expected) => {
      expect(await woken(journeys, edited)).toEqual([[], expected]);
    });

    test('before their first turn of the calendar, also without any traits', async () => {
      await woken([weekly], [weekly]);
      const looks = await db.knex('users').orderBy('id').select('id', 'wake_at');
      const friday = Date.parse('2026-01-09T09:00:00Z') - 26 * 60 * MINUTE;
      expect(looks).toEqual([
        { id: 'fay', wake_at: friday },
        { id: 'gus', wake_at: friday },
      ]);
    });
  });

  test.each<[string, () => Promise<Definitions>, string[]]>([
    [
      'the same users',
      () => define([waitsIn('first', { reenter: 'always' }), ...JOURNEYS.slice(1)]),
      ['in failing', 'in first'],
    ],
    ['nobody if nothing changed', () => define(JOURNEYS), []],
  ])('%s, even if all users have just had an event', async (_, edited, expected) => {
    const happen = (): Promise<unknown> => db.knex('users').update({ awaiting_version: '' });
    expect(await toldOf(await edited(), happen)).toEqual(expected);
  });
});

test('no search except the one for edits scans users who only wait', async () => {
  const definitions = staticDefinitions(
    await compile({ journeys: [], lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} }),
  );
  const release = new Release(db.pool);
  await release.become(definitions.current);
  await db.pool.query(
    `INSERT INTO users (id, created_at, last_seen_at, awaiting_version, wake_at)
     SELECT n::text, 0, 0, $1, $2 FROM generate_series(1, 5000) n`,
    [definitions.current.version, ASKED_AT + 1],
  );
  await db.pool.query(
    `INSERT INTO runs (id, user_id, journey, status, position, entered_at, body)
     SELECT gen_random_uuid(), id, 'trial', 'active', 'a while', 0,
       '{"journal": [{"step": "a while", "enteredAt": 0, "kind": "sleep", "status": "waiting"}]}' FROM users`,
  );
  await db.pool.query(
    `INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
     SELECT id, 'a', 'track', 'Poked', 0, 0, '{}'::jsonb, false FROM users`,
  );
  await db.pool.query(
    `INSERT INTO messages (id, user_id, journey, step, channel, template, status, transactional, data, decided_at, expires_at)
     SELECT gen_random_uuid(), id, 'trial', 'hello', 'email', 'hello', 'sent', false, '{}', 0, 0 FROM users`,
  );
  await db.pool.query('ANALYZE');
  const before = await fullReads(db.pool);
  const clock = realClock(() => ASKED_AT);
  for (const { name, find } of searchesOf({
    pool: db.pool,
    clock,
    release,
    definitions,
    lateness: new TimerLateness(),
  }).filter((search) => search.name !== 'edited'))
    expect({ name, found: await find(), reads: await fullReads(db.pool) }).toEqual({
      name,
      found: [],
      reads: before,
    });
});

test('a step that makes no call is not an unanswered call', async () => {
  await waitingForCall(0);
  const wait = { step: 'a while', enteredAt: ASKED_AT, kind: 'sleep', status: 'waiting' };
  await db.knex('runs').update({ body: { journal: [wait] } });
  expect(await told(MINUTE)).toEqual([]);
});

test('a time in the future, which a wrong clock left behind, counts as never relayed', async () => {
  const hour = 60 * MINUTE;
  await db.knex('users').insert([
    { id: 'ada', created_at: 0, last_seen_at: 0, wake_at: 0, relayed_at: ASKED_AT + hour },
    { id: 'ben', created_at: 0, last_seen_at: 0, wake_at: 0, relayed_at: ASKED_AT + 1_000 },
  ]);
  const round = { now: ASKED_AT, restMs: 10_000 };
  const overdue = await takeOverdue(db.pool, round, ASKED_AT);
  expect(overdue).toEqual(['ada']);
  await db
    .knex('users')
    .where({ id: 'ada' })
    .update({ relayed_at: ASKED_AT + hour });
  await db.pool.query(
    `INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
     SELECT id, 'm', 'track', 'Poked', 0, 0, '{}', true FROM users`,
  );
  await db.pool.query(
    `INSERT INTO messages (id, user_id, journey, step, channel, template, status, transactional, data, decided_at, expires_at, lease_until)
     SELECT gen_random_uuid(), id, 'trial', 'hello', 'email', 'hello', 'sending', false, '{}', 0, 0, '2026-01-01' FROM users`,
  );
  expect(await takePending(db.pool, round, ASKED_AT)).toEqual(['ada']);
  await db
    .knex('users')
    .where({ id: 'ada' })
    .update({ relayed_at: ASKED_AT + hour });
  expect(await takeUndelivered(db.pool, round, 15)).toEqual(['ada']);
});

test('a call of a user with a time in the future is relayed', async () => {
  await waitingForCall(ASKED_AT + 60 * MINUTE);
  expect(await told(MINUTE)).toEqual(['ada']);
});

test('many pending events of a stuck user do not hide those of the next user', async () => {
  const now = ASKED_AT;
  await db.knex('users').insert([
    { id: 'stuck', created_at: 0, last_seen_at: 0, relayed_at: now },
    { id: 'ada', created_at: 0, last_seen_at: 0 },
  ]);
  await db.pool.query(
    `INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
     SELECT 'stuck', n::text, 'track', 'Poked', n, n, '{}'::jsonb, true FROM generate_series(1, 3000) n
     UNION ALL SELECT 'ada', 'a', 'track', 'Poked', 4000, 4000, '{}', true`,
  );
  await db.pool.query(
    `INSERT INTO messages (id, user_id, journey, step, channel, template, status, transactional, data, decided_at, expires_at, lease_until)
     SELECT gen_random_uuid(), user_id, 'trial', 'hello', 'email', 'hello', 'sending', false, '{}', 0, 0, '2026-01-01' FROM events`,
  );
  expect(await takePending(db.pool, { now, restMs: 10_000 }, now)).toEqual(['ada']);
  await db.knex('users').where({ id: 'ada' }).update({ relayed_at: 0 });
  expect(await takeUndelivered(db.pool, { now, restMs: 10_000 }, 15)).toEqual(['ada']);
});

test('every erasure gets its turn, however long the first ones take', async () => {
  const ids = Array.from({ length: ERASURES + 1 }, (_, n) => `user ${String(n).padStart(2, '0')}`);
  await db.knex('erasures').insert(ids.map((id) => ({ user_id: id })));
  const first = await pendingErasures(db.pool, '');
  const second = await pendingErasures(db.pool, first.at(-1)?.userId ?? '');
  expect([...first, ...second].map(({ userId }) => userId)).toEqual(ids);
});

test('a deadline counts as lost only when it is much later than those whose timers fire', async () => {
  const now = ASKED_AT;
  const lateness = new TimerLateness(() => 0);
  const [overdue] = searchesOf({
    pool: db.pool,
    clock: realClock(() => now),
    release: new Release(db.pool),
    definitions: staticDefinitions(
      await compile({
        journeys: [],
        lifecycle: lifecycle({ initial: 'new', rules: [] }),
        policy: policy(),
        traits: {},
      }),
    ),
    lateness,
  }).filter(({ name }) => name === 'overdue');
  await db
    .knex('users')
    .insert({ id: 'ada', created_at: 0, last_seen_at: 0, relayed_at: 0, wake_at: now - MINUTE / 2 });
  for (let n = 0; n < 3; n++) lateness.observe(MINUTE / 4);
  expect(await overdue?.find()).toEqual([]);
  await db.knex('users').update({ wake_at: now - MINUTE });
  expect(await overdue?.find()).toEqual(['ada']);
});
