import { check, isIdle } from '../../../dev/demo/checks';
import { testDatabase, type TestDatabase } from '../../support/database';
import { decided, entered, happened, NOON, person } from './rows';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
  await person(db, 'ada');
});
afterEach(() => db.drop());

const mailbox = (...ids: readonly string[]): Parameters<typeof check>[1] => ({
  messageIds: async () => ids.map((id) => `${id}@localhost`),
});

/** Returns the descriptions of the checks that fail. */
async function failures(mail: Parameters<typeof check>[1], eventsSent: number): Promise<string[]> {
  return (await check(db.pool, mail, eventsSent)).filter(({ holds }) => !holds).map(({ what }) => what);
}

test('all checks pass when the sent events are stored and the sent mails have arrived', async () => {
  await happened(db, [
    { user_id: 'ada', name: 'Signed Up', at: NOON },
    { user_id: 'ada', name: 'Home', at: NOON, type: 'page' },
    // These events come from Sojourn itself. The product did not send them.
    { user_id: 'ada', name: 'Unsubscribed', at: NOON, type: 'consent' },
    { user_id: 'ada', name: 'sojourn:enter:dormancy', at: NOON, type: 'internal' },
  ]);
  const [mail = ''] = await decided(db, [
    { user_id: 'ada', status: 'sent' },
    { user_id: 'ada', status: 'sent', channel: 'webPush' },
    { user_id: 'ada', status: 'suppressed' },
  ]);
  expect(await failures(mailbox(mail), 2)).toEqual([]);
  expect(await failures(mailbox(mail), 3)).toEqual(['3 events sent, 2 stored']);
});

test('a missing mail and a duplicate mail each fail the check, and do not cancel out', async () => {
  const [one = '', other = ''] = await decided(db, [
    { user_id: 'ada', status: 'sent' },
    { user_id: 'ada', status: 'sent' },
  ]);
  const failure = (arrived: number, missing: number, duplicates: number): string[] => [
    `2 mails sent, ${arrived} in the mailbox: ${missing} missing, ${duplicates} duplicates`,
  ];
  expect(await failures(mailbox(one, other), 0)).toEqual([]);
  expect(await failures(mailbox(one), 0)).toEqual(failure(1, 1, 0));
  expect(await failures(mailbox(one, other, other), 0)).toEqual(failure(3, 0, 1));
  expect(await failures(mailbox(one, one), 0)).toEqual(failure(2, 1, 1));
});

test('a run parked by an error fails the check', async () => {
  await entered(db, 'onboarding', [{ user_id: 'ada', entered_at: NOON, status: 'failed' }]);
  expect(await failures(mailbox(), 0)).toEqual(['1 runs parked by an error in a journey']);
});

test('all work is done when no event is pending, no deadline has passed and no message is being delivered', async () => {
  await decided(
    db,
    ['sent', 'suppressed', 'cancelled', 'held'].map((status) => ({ user_id: 'ada', status })),
  );
  await db.knex('users').update({ wake_at: NOON + 1 });
  expect(await isIdle(db.pool, NOON)).toBe(true);
  expect(await isIdle(db.pool, NOON + 1)).toBe(false);
  await db.knex('users').update({ wake_at: null });
  await db.knex('messages').where({ status: 'held' }).update({ status: 'retrying' });
  expect(await isIdle(db.pool, NOON)).toBe(false);
  await db.knex('messages').delete();
  await happened(db, [{ user_id: 'ada', name: 'Signed Up', at: NOON, pending: true }]);
  expect(await isIdle(db.pool, NOON)).toBe(false);
});
