import type { Channel } from '../../activities/channels/channel';
import { attempt } from '../../activities/attempt';
import { FRESH_MS, type Withheld } from '../../activities/hand-over';
import { claimMessage, type ClaimedMessage } from '../../store/claims';
import { changeConsent } from '../../store/consent';
import { eraseUser } from '../../store/erasure';
import { testDatabase, type TestDatabase } from '../support/database';
import { until } from '../support/until';
import { depsWith, ID, storeMessage } from './support';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

/** Claims Ada's email. */
async function claimed(row: Readonly<Record<string, unknown>> = {}): Promise<ClaimedMessage> {
  await storeMessage(database, row);
  const claim = await claimMessage(database.pool, ID, 1, {});
  if (claim.kind !== 'claimed') throw new Error(`Expected to claim the message, but it is ${claim.kind}.`);
  return claim.message;
}

/**
 * Makes an attempt by a channel that is ready for the bytes only after `meanwhile`.
 * @param claimAge real milliseconds since the claim
 */
async function handOver(
  message: ClaimedMessage,
  { claimAge = FRESH_MS + 1, meanwhile }: { claimAge?: number; meanwhile?: () => Promise<unknown> } = {},
): Promise<{ outcome: Withheld; handedOver: boolean; statements: number }> {
  let handedOver = false;
  const channel: Channel['deliver'] = async ({ confirm }) => {
    await meanwhile?.();
    await confirm();
    handedOver = true;
    return { outcome: 'sent', providerId: null };
  };
  const counted = counting();
  const deps = await depsWith(counted, channel);
  const outcome = await attempt(deps, { message, claimAge: () => claimAge }, message);
  return { outcome, handedOver, statements: counted.statements() };
}

/** The pool, with the statements counted that are sent through it. */
function counting(): Pick<TestDatabase, 'pool'> & { statements(): number } {
  let statements = 0;
  const pool = new Proxy(database.pool, {
    get: (target, name) => {
      if (name === 'query') statements++;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { pool, statements: () => statements };
}

const rows = (): Promise<unknown[]> => database.knex('messages').select('status', 'cause', 'reason');
const definitions = async () =>
  (await depsWith(database, async () => ({ outcome: 'sent', providerId: null }))).definitions;
const optOut = async (userId = 'ada', email = false): Promise<unknown> =>
  changeConsent(database, await definitions(), { userId, answers: { email }, at: Date.now(), alsoAsAlias: false });

test('a message claimed a moment ago is handed over without another statement', async () => {
  const message = await claimed();
  expect(await handOver(message, { claimAge: 5 })).toEqual({
    outcome: { outcome: 'sent', providerId: null },
    handedOver: true,
    statements: 1,
  });
});

test('an older claim is confirmed by one statement', async () => {
  expect(await handOver(await claimed())).toMatchObject({ handedOver: true, statements: 2 });
});

test('after an opt-out an older claim is not used', async () => {
  const { handedOver, outcome } = await handOver(await claimed(), { meanwhile: optOut });
  expect({ handedOver, outcome }).toMatchObject({
    handedOver: false,
    outcome: { outcome: 'suppressed', cause: 'consent' },
  });
  expect(await rows()).toEqual([{ status: 'suppressed', cause: 'consent', reason: 'no consent' }]);
});

test('a transactional message is handed over after an opt-out', async () => {
  expect(await handOver(await claimed({ transactional: true }), { meanwhile: optOut })).toMatchObject({
    handedOver: true,
  });
});

test('after an opt-out of another holder of the address an older claim is not used', async () => {
  const message = await claimed();
  const traits = { email: ' Ada@Example.COM ' };
  await database.knex('users').insert({ id: 'eve', created_at: 0, last_seen_at: 0, traits });
  expect(await handOver(message, { meanwhile: () => optOut('eve') })).toMatchObject({
    handedOver: false,
    outcome: { cause: 'consent', reason: 'no consent for this address' },
  });
});

test('after the erasure of the user an older claim is not used', async () => {
  const result = await handOver(await claimed(), { meanwhile: () => eraseUser(database, 'ada') });
  expect(result).toMatchObject({ handedOver: false, outcome: { outcome: 'lost' } });
});

test('a message that was withdrawn, or taken over by another attempt, is not handed over and stays as it is', async () => {
  const message = await claimed();
  const withdraw = (): Promise<unknown> =>
    database.knex('messages').update({ status: 'cancelled', reason: 'left the journey' });
  expect(await handOver(message, { meanwhile: async () => withdraw() })).toMatchObject({ handedOver: false });
  expect(await rows()).toEqual([{ status: 'cancelled', cause: null, reason: 'left the journey' }]);
  await database.knex('messages').update({ status: 'sending', attempts: 2 });
  expect(await handOver(message)).toMatchObject({ handedOver: false, outcome: { outcome: 'lost' } });
  expect(await rows()).toMatchObject([{ status: 'sending' }]);
});

test('a message that has expired in the queue is not handed over', async () => {
  const { outcome, handedOver } = await handOver(await claimed({ expires_at: Date.now() - 1 }));
  expect({ outcome, handedOver }).toMatchObject({ handedOver: false, outcome: { cause: 'expired' } });
});

const EXIT = { user_id: 'ada', message_id: 'm', type: 'track', name: 'Left', at: 0, received_at: 0, properties: '{}' };

test('a message waits until a pending event is decided, because it may be an exit', async () => {
  const message = await claimed();
  await database.knex('events').insert({ ...EXIT, pending: true });
  await database.knex('messages').update({ lease_until: database.knex.raw('now()') });
  const attempted = handOver(message);
  const asked = async (): Promise<boolean> => {
    const { rowCount } = await database.pool.query('SELECT FROM messages WHERE lease_until > now()');
    return rowCount === 1;
  };
  await until('the attempt asks, which renews the claim', asked, { everyMs: 5 });
  await database.knex('events').update({ pending: false });
  expect(await attempted).toMatchObject({ handedOver: true });
});

test('a message is tried again later while an event stays pending', async () => {
  const message = await claimed();
  await database.knex('events').insert({ ...EXIT, pending: true });
  expect(await handOver(message)).toMatchObject({
    handedOver: false,
    outcome: { outcome: 'retry', code: 'EventPending', afterMs: 1_000 },
  });
  expect(await rows()).toMatchObject([{ status: 'retrying' }]);
});
