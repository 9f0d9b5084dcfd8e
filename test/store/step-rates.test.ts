import { randomUUID } from 'node:crypto';
import { ratesOf } from '../../api/rates';
import { journeyRates } from '../../store/step-rates';
import { testDatabase, type TestDatabase } from '../support/database';

let db: TestDatabase;
beforeEach(async () => void (db = await testDatabase()));
afterEach(() => db.drop());

/** Stores a user with the message of a step, and what became of it. */
async function mailed(user_id: string, became: Readonly<Record<string, unknown>>): Promise<void> {
  const names = { journey: 'trial', step: 'welcome', channel: 'inApp', template: 'welcome' };
  const run = { id: randomUUID(), user_id, journey: 'trial', status: 'completed', entered_at: 0 };
  const journal = [{ step: 'welcome', kind: 'send', status: 'done', reason: 'allowed' }];
  await db.knex('users').insert({ id: user_id, created_at: 0, last_seen_at: 0 });
  await db.knex('runs').insert({ ...run, body: { journal } });
  const message = { ...names, id: randomUUID(), run_id: run.id, user_id, transactional: false, data: {} };
  await db.knex('messages').insert({ ...message, decided_at: 0, expires_at: 0, ...became });
}

test('a message that bounces counts as sent, so that rates are shares of all messages handed over', async () => {
  await mailed('ada', { status: 'sent', seen_at: 1, clicked_at: 2 });
  await mailed('grace', { status: 'sent', seen_at: 1 });
  await mailed('alan', { status: 'suppressed', cause: 'bounced' });
  await mailed('hedy', { status: 'suppressed', cause: 'bounced' });
  await mailed('tim', { status: 'suppressed', cause: 'consent' });
  await mailed('ken', { status: 'retrying' });
  expect(ratesOf(await journeyRates(db, 'trial', 0), 'welcome')).toEqual({
    entered: 6,
    reach: 1,
    outcomes: { allowed: 6 },
    sent: 4,
    bounce: 0.5,
    seen: 0.5,
    click: 0.25,
  });
});
