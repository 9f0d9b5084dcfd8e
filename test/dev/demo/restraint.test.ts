import { compile } from '../../../engine/outline/compile';
import { z } from 'zod';
import { restraint } from '../../../dev/demo/restraint';
import { event, journey, lifecycle, policy, type Policy, type Steps } from '../../../engine';

import type { JsonObject } from '../../../engine/model/json';
import { testDatabase, type TestDatabase } from '../../support/database';
import { VirtualUser } from '../../support/virtual-user';
import { DAY, decided, happened, HOUR, NOON, person } from './rows';

const started = event('Started', z.object({}), {});

let db: TestDatabase;
beforeEach(async () => void (db = await testDatabase()));
afterEach(() => db.drop());

/** Runs a user through a journey for one day under a policy. Messages that were decided to be sent count as sent. */
async function runDay(rules: Policy, at: number, traits: JsonObject, run: (j: Steps) => Promise<void>): Promise<void> {
  const definitions = await compile({
    journeys: [journey('talk', { enter: started }, run)],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: rules,
    traits: {},
  });
  const ada = new VirtualUser(db, 'ada', definitions);
  await ada.receive({ id: 'who', type: 'identify', name: 'Identify', at, receivedAt: at, properties: traits });
  await ada.receive({ id: 'start', name: 'Started', at, receivedAt: at, properties: {} });
  await ada.passUntil(at + DAY);
  await db.knex('messages').where({ status: 'sending' }).update({ status: 'sent' });
}

test('capped: messages that no channel could take, but one could have taken without caps', async () => {
  const rules = policy({ quietHours: null, caps: { inApp: { day: 1, week: 9 } } });
  await runDay(rules, NOON, {}, async (j) => {
    // After this time, sends no longer wait for an address.
    await j.sleep('a minute', '1 minute');
    await j.send('gets through', { inApp: 'note' });
    await j.send('capped, then no address', { inApp: 'note', email: 'note' });
    await j.send('no address, then capped', { email: 'note', inApp: 'note' });
    await j.send('has no address anyway', { email: 'note' });
    await j.send('asked for', { inApp: 'note' }, { transactional: true });
  });
  expect(await restraint(db.pool, NOON + DAY)).toMatchObject({ sent: 2, transactional: 1, capped: 2 });
});

test('a message that is capped in one channel and too late in the other is counted once', async () => {
  const rules = policy({ caps: { inApp: { day: 0, week: 0 } } });
  await runDay(rules, NOON + 12 * HOUR, { email: 'ada@example.com' }, async (j) => {
    await j.send('offer', { inApp: 'note', email: 'note' }, { expires: '1 hour' });
  });
  expect(await restraint(db.pool, NOON + DAY)).toMatchObject({ sent: 0, capped: 0, lapsed: 1 });
});

test('quiet hours: messages sent when they ended, and messages that expired before', async () => {
  await person(db, 'ada');
  const overnight = { user_id: 'ada', held_for: 'quiet hours' } as const;
  await decided(db, [
    { ...overnight, status: 'sent' },
    { ...overnight, status: 'suppressed', cause: 'expired' },
    { user_id: 'ada', status: 'suppressed', cause: 'quiet hours' },
    // These were not stopped by quiet hours.
    { ...overnight, status: 'suppressed', cause: 'consent' },
    { ...overnight, status: 'cancelled', reason: 'left the journey' },
    { user_id: 'ada', held_for: 'address', status: 'sent' },
    { user_id: 'ada', held_for: 'address', status: 'suppressed', cause: 'address' },
    { user_id: 'ada', status: 'suppressed', cause: 'expired' },
  ]);
  expect(await restraint(db.pool, NOON)).toMatchObject({ sent: 2, moved: 1, lapsed: 2 });
});

test('weeks: from signing up to deleting the account, or until now', async () => {
  await happened(db, [
    { user_id: 'ada', name: 'Signed Up', at: NOON },
    { user_id: 'grace', name: 'Signed Up', at: NOON },
    { user_id: 'grace', name: 'Account Deleted', at: NOON + 7 * DAY },
    { user_id: 'visitor', name: 'Landing', type: 'page', at: NOON },
  ]);
  expect(await restraint(db.pool, NOON + 14 * DAY)).toMatchObject({ weeks: 3 });
});

test('without users all counts are zero', async () => {
  const nothing = { sent: 0, transactional: 0, capped: 0, moved: 0, lapsed: 0, weeks: 0 };
  expect(await restraint(db.pool, NOON)).toEqual(nothing);
});
