import { check, isSettled } from '../../../dev/demo/checks';
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

/** What is out of order. */
async function complaints(mail: Parameters<typeof check>[1], eventsSent: number): Promise<string[]> {
  return (await check(db.pool, mail, eventsSent)).filter(({ holds }) => !holds).map(({ what }) => what);
}

test('all is in order when what was sent is what is stored and what has arrived', async () => {
  await happened(db, [
    { user_id: 'ada', name: 'Signed Up', at: NOON },
    { user_id: 'ada', name: 'Home', at: NOON, type: 'page' },
    // Nobody sent these: they are ours.
    { user_id: 'ada', name: 'Unsubscribed', at: NOON, type: 'consent' },
    { user_id: 'ada', name: 'sojourn:enter:dormancy', at: NOON, type: 'internal' },
  ]);
  const [mail = ''] = await decided(db, [
    { user_id: 'ada', status: 'sent' },
    { user_id: 'ada', status: 'sent', channel: 'webPush' },
    { user_id: 'ada', status: 'suppressed' },
  ]);
  expect(await complaints(mailbox(mail), 2)).toEqual([]);
  expect(await complaints(mailbox(mail), 3)).toEqual(['3 events sent, 2 stored']);
});

test('a mail that is missing, or there twice, is out of order, and one does not make up for the other', async () => {
  const [one = '', other = ''] = await decided(db, [
    { user_id: 'ada', status: 'sent' },
    { user_id: 'ada', status: 'sent' },
  ]);
  const told = (there: number, missing: number, twice: number): string[] => [
    `2 mails sent, ${there} in the mailbox: ${missing} missing, ${twice} twice`,
  ];
  expect(await complaints(mailbox(one, other), 0)).toEqual([]);
  expect(await complaints(mailbox(one), 0)).toEqual(told(1, 1, 0));
  expect(await complaints(mailbox(one, other, other), 0)).toEqual(told(3, 0, 1));
  expect(await complaints(mailbox(one, one), 0)).toEqual(told(2, 1, 1));
});

test('a run parked by an error is out of order', async () => {
  await entered(db, 'onboarding', [{ user_id: 'ada', entered_at: NOON, status: 'failed' }]);
  expect(await complaints(mailbox(), 0)).toEqual(['1 runs parked by an error in a journey']);
});

test('it is settled when no event waits, no deadline has passed and no message is on its way', async () => {
  await decided(
    db,
    ['sent', 'suppressed', 'cancelled', 'held'].map((status) => ({ user_id: 'ada', status })),
  );
  await db.knex('users').update({ wake_at: NOON + 1 });
  expect(await isSettled(db.pool, NOON)).toBe(true);
  expect(await isSettled(db.pool, NOON + 1)).toBe(false);
  await db.knex('users').update({ wake_at: null });
  await db.knex('messages').where({ status: 'held' }).update({ status: 'retrying' });
  expect(await isSettled(db.pool, NOON)).toBe(false);
  await db.knex('messages').delete();
  await happened(db, [{ user_id: 'ada', name: 'Signed Up', at: NOON, pending: true }]);
  expect(await isSettled(db.pool, NOON)).toBe(false);
});
