import { compile } from '../../engine/outline/compile';
import { lifecycle, policy } from '../../engine';
import { staticDefinitions, type DefinitionsProvider } from '../../engine/definitions/definitions';
import { changeConsent } from '../../store/consent';
import { eraseUser } from '../../store/erasure';
import { givenUp, givenUpAndLost, recordGivenUp } from '../../store/given-up';
import { recordDelivery, type DeliveryRecord } from '../../store/messages';
import { recordReceipts } from '../../store/receipts';
import { testDatabase, type TestDatabase } from '../support/database';
import { ID, storeMessage } from '../activities/support';

let db: TestDatabase;
let definitions: DefinitionsProvider;
beforeEach(async () => {
  db = await testDatabase();
  const sources = { journeys: [], lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} };
  definitions = staticDefinitions(await compile(sources));
  await storeMessage(db, { status: 'sending', attempts: 1 });
});
afterEach(() => db.drop());

const FAILED: DeliveryRecord = {
  ...{ id: ID, attempts: 1, status: 'suppressed', cause: 'expired', reason: 'expired', error: null },
  ...{ providerId: null, deadAddress: null, at: 5, pauseMs: null },
};
const BOUNCED: DeliveryRecord = {
  ...FAILED,
  ...{ cause: 'bounced', reason: 'bounced', error: '550 unknown', deadAddress: 'ada@example.com' },
};

const reported = (): Promise<object[]> => db.knex('events').orderBy('id').select('name', 'at', 'properties');
const report = async (): Promise<unknown> => recordGivenUp(db.pool, definitions, await givenUp(db.pool, [ID]), 9);
const suppressed = (): Promise<string[]> => db.knex('suppressed_addresses').pluck('cause');

test.each([
  ['has expired', FAILED, 'Message Failed', { detail: 'expired' }],
  ['was refused because its address is dead', BOUNCED, 'Message Bounced', { permanent: true, detail: '550 unknown' }],
])('a message that %s is an event like a receipt, once, whoever reports it', async (_, outcome, name, facts) => {
  await recordDelivery(db.pool, outcome);
  const receipts = await givenUp(db.pool, [ID]);
  const known = { message: ID, journey: 'trial', step: 'welcome', channel: 'email' };
  for (let n = 0; n < 2; n++) {
    await Promise.all([1, 2].map(() => recordGivenUp(db.pool, definitions, receipts, 9)));
    expect(await reported()).toEqual([{ name, at: 5, properties: { ...known, ...facts } }]);
  }
  const kind = outcome === FAILED ? 'failed' : 'bounced';
  await recordReceipts(db, definitions, [{ messageId: ID, kind, permanent: true, at: 7 }], 9);
  expect(await reported()).toHaveLength(1);
  expect(await givenUp(db.pool, [ID])).toEqual([]);
  expect(await db.knex('messages').pluck('bounced_at')).toEqual([outcome === FAILED ? null : 5]);
});

test('a message that is tried again, or by somebody else by now, is not given up', async () => {
  await recordDelivery(db.pool, { ...FAILED, attempts: 2 });
  await recordDelivery(db.pool, { ...FAILED, status: 'retrying', cause: null, pauseMs: 1 });
  expect(await givenUp(db.pool, [ID])).toEqual([]);
});

test('what a worker that died has not reported is found when it has had the time to', async () => {
  await recordDelivery(db.pool, FAILED);
  expect(await givenUpAndLost(db.pool, 60)).toEqual([]);
  expect(await givenUpAndLost(db.pool, 0)).toMatchObject([{ messageId: ID, kind: 'failed' }]);
});

test('a report that comes late does not undo that the person has agreed since', async () => {
  await recordDelivery(db.pool, BOUNCED);
  expect(await suppressed()).toEqual(['bounced']);
  const change = { userId: 'ada', answers: { email: true }, at: 6, alsoAsAlias: false, origin: { source: 'api' } };
  await changeConsent(db, definitions, change);
  expect(await suppressed()).toEqual([]);
  await report();
  expect(await suppressed()).toEqual([]);
});

test('of somebody who was erased nothing is reported', async () => {
  await recordDelivery(db.pool, FAILED);
  const receipts = await givenUp(db.pool, [ID]);
  await eraseUser(db, 'ada');
  expect(await givenUpAndLost(db.pool, 0)).toEqual([]);
  await recordGivenUp(db.pool, definitions, receipts, 9);
  expect(await reported()).toEqual([]);
  expect(await db.knex('users').pluck('id')).toEqual([]);
});
