import { compile } from '../../engine/outline/compile';
import { lifecycle, policy } from '../../engine';
import { staticDefinitions } from '../../engine/definitions/definitions';
import { OWN_CHANNEL_DEFAULTS, type AddressKind, type ChannelSpec } from '../../engine/model/channels';
import type { Reach } from '../../engine/model/state';
import { down, up } from '../../migrations/0018_suppressed_addresses';
import { declareChannelTraits } from '../../store/channel-traits';
import { claimMessage } from '../../store/claims';
import { changeConsent } from '../../store/consent';
import { eraseUser } from '../../store/erasure';
import { recordDelivery } from '../../store/messages';
import { addSuppressions } from '../../store/suppression-list';
import { rememberReports } from '../../store/suppressions';
import { loadUser } from '../../store/state-load';
import { testDatabase, type TestDatabase } from '../support/database';
import { ID, storeMessage } from '../activities/support';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.drop());

const definitions = compile({
  journeys: [],
  lifecycle: lifecycle({ initial: 'new', rules: [] }),
  policy: policy(),
  traits: {},
});

async function addUser(id: string, email: string, consent: Reach['consent'] = {}): Promise<void> {
  await db.knex('users').insert({ id, created_at: 0, last_seen_at: 0, traits: { email }, consent });
}

async function suppressed(id: string): Promise<Reach['suppressed']> {
  return (await loadUser(db.pool, await definitions, id))?.state.reach.suppressed;
}

async function answer(userId: string, email: boolean): Promise<void> {
  const change = { userId, answers: { email }, at: 1, alsoAsAlias: false };
  await changeConsent(db, staticDefinitions(await definitions), change);
}

/** Lets an attempt at Ada's message find out that her address takes no mail. */
async function bounce(): Promise<void> {
  await storeMessage(db);
  await claimMessage(db.pool, ID, 1, {});
  await recordDelivery(db.pool, {
    id: ID,
    attempts: 1,
    status: 'suppressed',
    cause: 'bounced',
    reason: 'bounced',
    error: '550 5.1.1 unknown',
    providerId: null,
    deadAddress: 'ada@example.com',
    at: 7,
    pauseMs: null,
  });
}

test('a bounce is remembered for the address, however it is written and whoever has it', async () => {
  await bounce();
  await addUser('eve', ' ADA@Example.com\u00a0');
  await addUser('bob', 'bob@example.com');
  const bounced = { email: ['bounced'] };
  expect([await suppressed('ada'), await suppressed('eve'), await suppressed('bob')]).toEqual([
    bounced,
    bounced,
    undefined,
  ]);
});

test('a user with another address is reachable again', async () => {
  await bounce();
  await db.knex('users').update({ traits: { email: 'ada@example.org' } });
  expect(await suppressed('ada')).toBeUndefined();
});

test('no address is stored in the clear, and what is known of it outlasts the erasure of its holder', async () => {
  await bounce();
  await eraseUser(db, 'ada');
  await addUser('ada again', 'ada@example.com');
  expect(await suppressed('ada again')).toEqual({ email: ['bounced'] });
  expect(JSON.stringify(await db.knex('suppressed_addresses').select())).not.toContain('ada');
});

test('an opt-out holds for everybody with the address until one of them opts in; their own answer stays', async () => {
  await addUser('ada', 'shared@example.com');
  await addUser('eve', 'Shared@example.com');
  await answer('ada', false);
  expect(await suppressed('eve')).toEqual({ email: ['opted out'] });
  await answer('eve', true);
  expect([await suppressed('eve'), await suppressed('ada')]).toEqual([undefined, undefined]);
  expect(await db.knex('users').where({ id: 'ada' }).pluck('consent')).toEqual([{ email: false }]);
});

test('an opt-in also forgets that mail to the address came back', async () => {
  await bounce();
  await answer('ada', true);
  expect(await suppressed('ada')).toBeUndefined();
});

test('an answer about another channel says nothing about the address', async () => {
  await bounce();
  const change = { userId: 'ada', answers: { webPush: true, inApp: false }, at: 1, alsoAsAlias: false };
  await changeConsent(db, staticDefinitions(await definitions), change);
  expect(await suppressed('ada')).toEqual({ email: ['bounced'] });
});

test('whoever had opted out before addresses were remembered has opted out for their address', async () => {
  await down(db.knex);
  await addUser('ada', 'ada@example.com', { email: false });
  await addUser('bob', 'bob@example.com', { webPush: false });
  await up(db.knex);
  expect([await suppressed('ada'), await suppressed('bob')]).toEqual([{ email: ['opted out'] }, undefined]);
});

describe('the address of a channel of the team’s own is that of its trait', () => {
  const own = (name: string, address: AddressKind): ChannelSpec => ({
    ...{ name, label: name, address },
    ...OWN_CHANNEL_DEFAULTS,
  });
  const CHANNELS = [own('line', { by: 'trait', trait: 'lineId' }), own('viber', { by: 'trait', trait: 'viberId' })];
  const add = (id: string, traits: object): Promise<unknown> =>
    db.knex('users').insert({ id, created_at: 0, last_seen_at: 0, traits });

  beforeEach(() => declareChannelTraits(db.pool, CHANNELS));

  test('however it is written, and not on another channel of which it is an address too', async () => {
    await addSuppressions(db.pool, [{ channel: 'line', address: 'U123', cause: 'complained' }], 1);
    await add('ada', { lineId: ' u123', viberId: '7' });
    await add('eve', { viberId: 'U123' });
    expect([await suppressed('ada'), await suppressed('eve')]).toEqual([{ line: ['complained'] }, undefined]);
  });

  test('an answer about it holds for everybody with the address', async () => {
    await add('ada', { lineId: 'U123' });
    await add('eve', { lineId: 'U123' });
    const say = async (userId: string, line: boolean): Promise<unknown> =>
      changeConsent(db, staticDefinitions(await definitions), { userId, answers: { line }, at: 1, alsoAsAlias: false });
    await say('ada', false);
    expect(await suppressed('eve')).toEqual({ line: ['opted out'] });
    await say('eve', true);
    expect(await suppressed('ada')).toBeUndefined();
  });

  test('what its service reports without an address concerns the one that the user has', async () => {
    await storeMessage(db);
    await db.knex('messages').where({ id: ID }).update({ channel: 'line' });
    await db
      .knex('users')
      .where({ id: 'ada' })
      .update({ traits: { lineId: 'U123' } });
    await rememberReports(db.pool, [{ messageId: ID, address: null, cause: 'bounced', at: 1 }]);
    expect(await suppressed('ada')).toEqual({ line: ['bounced'] });
  });

  test('that of the definitions that started last', async () => {
    await addSuppressions(db.pool, [{ channel: 'line', address: 'U123', cause: 'bounced' }], 1);
    await add('ada', { lineId: 'U123' });
    await declareChannelTraits(db.pool, [own('line', { by: 'trait', trait: 'line' })]);
    expect(await suppressed('ada')).toBeUndefined();
    await db
      .knex('users')
      .where({ id: 'ada' })
      .update({ traits: { line: 'U123' } });
    expect(await suppressed('ada')).toEqual({ line: ['bounced'] });
    await declareChannelTraits(db.pool, [own('line', { by: 'id' })]);
    expect(await db.knex('channel_traits').pluck('channel')).toEqual(['viber']);
  });
});
