import { systemClock } from '../../engine/clock';
import { takeUnanswered } from '../../store/relay';
import { testDatabase, type TestDatabase } from '../support/database';

const MINUTE = 60_000;
const ASKED_AT = Date.parse('2026-01-05T12:00:00Z');
const STEPS = [{ journey: 'trial', step: 'open an account' }];

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
    position: 'open an account',
    entered_at: ASKED_AT,
    body: JSON.stringify({ journal: [{ step: 'open an account', enteredAt: ASKED_AT }] }),
  });
}

/** Who is told in a round so long after the call was asked for. */
function told(afterMs: number): Promise<string[]> {
  const now = ASKED_AT + afterMs;
  const round = { now, restMs: 10_000 };
  return takeUnanswered(db.pool, round, now - MINUTE / 2, STEPS, { ...systemClock, now: () => now });
}

test('a call is given time to be answered, whatever the user was told before it was asked for', async () => {
  await waitingForCall(ASKED_AT - 1_000);
  expect(await told(MINUTE / 3)).toEqual([]);
  expect(await told(MINUTE)).toEqual(['ada']);
});

test('a user with an unanswered call is told at growing intervals', async () => {
  await waitingForCall(0);
  const rounds: number[] = [];
  for (let afterMs = 0; afterMs <= 60 * MINUTE; afterMs += 10_000)
    if ((await told(afterMs)).length > 0) rounds.push(afterMs / MINUTE);
  expect(rounds.slice(1).map((at, index) => at / (rounds[index] ?? 0) >= 2)).toEqual(rounds.slice(1).map(() => true));
  expect(rounds.length).toBeGreaterThan(4);
});

test('a step that makes no call is none', async () => {
  await waitingForCall(0);
  await db.knex('runs').update({ position: 'welcome' });
  expect(await told(MINUTE)).toEqual([]);
});
