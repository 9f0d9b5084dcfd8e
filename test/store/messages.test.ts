import { claimMessage, confirmClaim } from '../../store/claims';
import { recordDelivery, requestOf } from '../../store/messages';
import { testDatabase, type TestDatabase } from '../support/database';

const ID = 'd520036d-3ce2-5491-8207-ef03816b1ea3';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
  await db.knex('users').insert({ id: 'ada', created_at: 0, last_seen_at: 0, release: 2 });
  const names = { journey: 'trial', step: 'welcome', channel: 'email', template: 'welcome', status: 'retrying' };
  await db.knex('messages').insert({
    ...names,
    id: ID,
    user_id: 'ada',
    transactional: false,
    data: { order: 'o1' },
    decided_at: 7,
    expires_at: 1,
    attempts: 1,
  });
});
afterEach(() => db.drop());

test('a message decided by a newer release is left to the workers of that release, which have its template', async () => {
  expect(await claimMessage(db.pool, ID, 1, {})).toEqual({ kind: 'newer' });
  expect(await db.knex('messages').select('status', 'attempts')).toEqual([{ status: 'retrying', attempts: 1 }]);
  expect(await claimMessage(db.pool, ID, 2, {})).toMatchObject({ kind: 'claimed', message: { attempts: 2 } });
});

test('a message is claimed by one attempt at a time, and not at all once it is settled', async () => {
  expect(await claimMessage(db.pool, ID, 2, {})).toMatchObject({ kind: 'claimed' });
  expect(await claimMessage(db.pool, ID, 3, {})).toMatchObject({ kind: 'busy' });
  await db.knex('messages').update({ status: 'sent', lease_until: null });
  expect(await claimMessage(db.pool, ID, 1, {})).toEqual({ kind: 'settled' });
});

test('the template of a message without a run gets the request to send it, the same in every attempt', async () => {
  const event = { id: ID, name: 'message', at: 7, properties: { order: 'o1' } };
  expect(requestOf({ id: ID, decidedAt: 7, data: { order: 'o1' } })).toEqual(event);
  expect(await claimMessage(db.pool, ID, 2, {})).toMatchObject({ kind: 'claimed', message: { event } });
});

test('no attempt begins while an event of the user is pending, because it may be an exit', async () => {
  const event = {
    user_id: 'ada',
    message_id: 'm',
    type: 'track',
    name: 'Left',
    at: 0,
    received_at: 0,
    properties: '{}',
  };
  await db.knex('events').insert({ ...event, pending: true });
  expect(await claimMessage(db.pool, ID, 2, {})).toEqual({ kind: 'busy', forMs: 1_000 });
  await db.knex('events').update({ pending: false });
  expect(await claimMessage(db.pool, ID, 2, {})).toMatchObject({ kind: 'claimed' });
});

test('the error of a provider may have any characters, and a pause any length', async () => {
  await claimMessage(db.pool, ID, 2, {});
  const month = 31 * 86_400_000;
  const outcome = {
    id: ID,
    attempts: 2,
    status: 'retrying',
    cause: null,
    reason: '',
    error: '550 \0no',
    providerId: null,
    deadAddress: null,
  } as const;
  await recordDelivery(db.pool, { ...outcome, at: 8, pauseMs: month });
  expect(await db.knex('messages').select('status', 'last_error')).toEqual([
    { status: 'retrying', last_error: '550 no' },
  ]);
  const claim = await claimMessage(db.pool, ID, 2, {});
  expect(claim.kind === 'busy' && claim.forMs).toBeGreaterThan(month / 2);
});

const sent = { status: 'sent', cause: null, reason: '', error: null, providerId: 'p', deadAddress: null } as const;
const runOut = async (): Promise<unknown> => db.knex('messages').update({ lease_until: db.knex.raw('now()') });

test('a claim that ran out without an outcome is first taken away, then the next attempt begins', async () => {
  await claimMessage(db.pool, ID, 2, {});
  await runOut();
  expect(await claimMessage(db.pool, ID, 2, {})).toEqual({ kind: 'busy', forMs: 10_000 });
  expect(await confirmClaim(db.pool, { id: ID, attempts: 2 })).toEqual({ kind: 'lost' });
  expect(await claimMessage(db.pool, ID, 2, {})).toMatchObject({ kind: 'busy' });
  await runOut();
  expect(await claimMessage(db.pool, ID, 2, {})).toMatchObject({ kind: 'claimed', message: { attempts: 3 } });
});

test('whoever lost a claim can record what became of the attempt until the next one begins', async () => {
  await claimMessage(db.pool, ID, 2, {});
  await runOut();
  await claimMessage(db.pool, ID, 2, {});
  await recordDelivery(db.pool, { ...sent, id: ID, attempts: 2, at: 8, pauseMs: null });
  await runOut();
  expect(await claimMessage(db.pool, ID, 2, {})).toEqual({ kind: 'settled' });
  expect(await db.knex('messages').select('status', 'attempts')).toEqual([{ status: 'sent', attempts: 2 }]);
});

test.each([
  ['cancelled', 'left the journey', null],
  ['suppressed', 'no consent', 'consent'],
])('a message that was %s too late is recorded as sent, with a reason that says so', async (status, reason, cause) => {
  await claimMessage(db.pool, ID, 2, {});
  await db.knex('messages').update({ status, reason, cause });
  await recordDelivery(db.pool, { ...sent, id: ID, attempts: 2, at: 8, pauseMs: null });
  expect(await db.knex('messages').select('status', 'reason', 'cause')).toEqual([
    { status: 'sent', reason: `too late to stop: ${reason}`, cause: null },
  ]);
});
