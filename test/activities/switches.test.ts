import type { QueryConfig, QueryResult } from 'pg';
import { attempt } from '../../activities/attempt';
import { deliver } from '../../activities/deliver';
import type { ActivityDeps } from '../../activities/deps';
import { policy, topics, type PolicyOptions } from '../../engine';
import { staticDefinitions } from '../../engine/definitions/definitions';
import { readTarget, targetsOf, type Switch } from '../../engine/model/switch';
import { claimMessage, type ClaimedMessage } from '../../store/claims';
import { loadUser } from '../../store/state-load';
import { SwitchBoard } from '../../store/switch-board';
import {
  heldBySwitches,
  liftSwitch,
  readSwitches,
  releaseStopped,
  setSwitch,
  switchChanges,
} from '../../store/switches';
import { testDatabase, type TestDatabase } from '../support/database';
import { until } from '../support/until';
import { depsWith, ID, storeMessage } from './support';

const EMAIL = {
  target: 'channel:email',
  mode: 'hold',
  exceptTransactional: false,
  reason: 'a wrong price',
  by: 'grace',
} as const;
const LIFTED = { target: EMAIL.target, reason: 'mended', by: 'grace' };

let database: TestDatabase;
let board: SwitchBoard;
let sent: string[];
beforeEach(async () => {
  database = await testDatabase();
  sent = [];
  board = await SwitchBoard.start(database.pool, { onReleased: () => undefined, onMissed: () => undefined });
});
afterEach(async () => {
  await board.stop();
  await database.drop();
});

/** The dependencies of a worker that knows the switches, and notes what it sends. */
async function deps(more: Partial<ActivityDeps> = {}): Promise<ActivityDeps> {
  const plain = await depsWith(database, async ({ id, confirm }) => {
    await confirm();
    sent.push(id);
    return { outcome: 'sent', providerId: null };
  });
  return { ...plain, switches: board, ...more };
}

async function stop(wanted: Partial<Omit<Switch, 'at'>> = {}): Promise<void> {
  await setSwitch(database.pool, { ...EMAIL, ...wanted });
  await board.read();
}

const row = (): Promise<unknown> =>
  database.knex('messages').first('status', 'cause', 'reason', 'last_error as error').where({ id: ID });
const queued = (): Promise<unknown[]> => database.knex('start_queue').pluck('user_id');

test('a stopped message is held: nobody attempts it, and its user is not woken for it', async () => {
  await storeMessage(database);
  await stop();
  await deliver(await deps(), ID);
  expect(sent).toEqual([]);
  expect(await heldBySwitches(database.pool)).toEqual(new Map([['channel:email', 1]]));
  await deliver(await deps(), ID);
  const { definitions } = await deps();
  expect((await loadUser(database.pool, definitions.current, 'ada'))?.open).toEqual([]);
  expect(await queued()).toEqual([]);
});

test('when the switch is lifted, the user is woken once, and the message is sent once', async () => {
  await storeMessage(database);
  await stop();
  await deliver(await deps(), ID);
  expect(await liftSwitch(database.pool, LIFTED)).toBe(true);
  await board.read();
  expect(await queued()).toEqual(['ada']);
  expect(await releaseStopped(database.pool)).toBe(0);
  await deliver(await deps(), ID);
  await deliver(await deps(), ID);
  expect(sent).toEqual([ID]);
  expect(await row()).toMatchObject({ status: 'sent' });
});

test('the policy is asked again about a message that was held: in quiet hours it waits on', async () => {
  await storeMessage(database);
  await stop();
  await deliver(await deps(), ID);
  await liftSwitch(database.pool, LIFTED);
  await board.read();
  const { definitions } = await deps();
  const quiet = policy({ quietHours: { from: '00:00', to: '23:59', channels: ['email'] } });
  const asked = deliver(await deps({ definitions: staticDefinitions({ ...definitions.current, policy: quiet }) }), ID);
  await expect(asked).rejects.toMatchObject({ type: 'DeliveryFailed', message: 'Held' });
  expect(sent).toEqual([]);
});

test.each<[string, PolicyOptions, string]>([
  ['a cap of its journey', { caps: { journeys: { trial: { day: 0 } } } }, 'capped: journey trial 0 a day'],
  ['a cap of its topic', { caps: { topics: { digest: { day: 0 } } } }, 'capped: topic digest 0 a day'],
  ['its topic, which nobody asked for', {}, 'not subscribed to offers'],
  ['hours in which its user does not want to be disturbed', {}, 'expires in quiet hours'],
])('a message that was held is suppressed by %s', async (_what, rules, reason) => {
  await storeMessage(database, { topic: reason.includes('offers') ? 'offers' : 'digest' });
  await stop();
  await deliver(await deps(), ID);
  if (reason.includes('quiet')) {
    const doNotDisturb = [
      { from: '00:00', to: '12:00' },
      { from: '12:00', to: '00:00' },
    ];
    await database.knex('users').update({ traits: { email: 'ada@example.com', doNotDisturb } });
  }
  await liftSwitch(database.pool, LIFTED);
  await board.read();
  const { definitions } = await deps();
  const offered = topics({ offers: { title: { en: 'Offers' }, default: 'out' } });
  const known = { ...definitions.current, policy: policy(rules), topics: offered };
  await deliver(await deps({ definitions: staticDefinitions(known) }), ID);
  expect(await row()).toMatchObject({ status: 'suppressed', reason });
  expect(sent).toEqual([]);
});

test('a message that expired while it was held is suppressed', async () => {
  await storeMessage(database);
  await stop();
  await deliver(await deps(), ID);
  await database.knex('messages').update({ expires_at: Date.now() - 1 });
  await liftSwitch(database.pool, LIFTED);
  await board.read();
  await deliver(await deps(), ID);
  expect(await row()).toMatchObject({ status: 'suppressed', cause: 'expired' });
});

test('while no message is held, a reading is one statement; a switch that is set is known after it', async () => {
  const mail = { channel: 'email', journey: 'trial', transactional: false };
  const asked = jest.spyOn(database.pool, 'query');
  await board.read();
  expect(asked).toHaveBeenCalledTimes(1);
  expect(board.stopping(mail)).toBeNull();
  await stop();
  expect(board.stopping(mail)).toMatchObject({ target: EMAIL.target });
  asked.mockRestore();
});

test('a reading that takes long does not undo a later one', async () => {
  const mail = { channel: 'email', journey: 'trial', transactional: false };
  await stop();
  const { pool } = database;
  const query = pool.query.bind(pool);
  let answer: () => void = () => undefined;
  const slowly = async (asked: QueryConfig): Promise<QueryResult> => {
    const result = await query(asked);
    await new Promise<void>((resolve) => (answer = resolve));
    return result;
  };
  const slow = jest.spyOn(pool, 'query').mockImplementationOnce(slowly as never);
  const former = board.read();
  await until('the switches are read', () => slow.mock.calls.length > 0);
  await liftSwitch(database.pool, LIFTED);
  const later = board.read();
  // Time enough for a reading that does not wait for its turn.
  for (let n = 0; n < 5; n++) await readSwitches(pool);
  answer();
  await Promise.all([former, later]);
  expect(board.stopping(mail)).toBeNull();
  slow.mockRestore();
});

test('what was held is released by a worker that starts after the switch was lifted', async () => {
  await storeMessage(database);
  await stop();
  await deliver(await deps(), ID);
  await board.stop();
  await liftSwitch(database.pool, LIFTED);
  board = await SwitchBoard.start(database.pool, { onReleased: () => undefined, onMissed: () => undefined });
  await until('the user is queued', async () => (await queued()).length === 1);
});

test('a switch that drops suppresses messages, also those that it held before', async () => {
  await storeMessage(database);
  await stop();
  await deliver(await deps(), ID);
  await stop({ mode: 'drop', reason: 'too late now' });
  expect(await queued()).toEqual(['ada']);
  await deliver(await deps(), ID);
  expect(await row()).toEqual({ status: 'suppressed', cause: 'stopped', reason: 'stopped', error: 'too late now' });
});

test('a switch that is set while a provider makes itself ready stops the message before its bytes', async () => {
  await storeMessage(database);
  const claim = await claimMessage(database.pool, ID, 1, {});
  const { message } = claim as { message: ClaimedMessage };
  const late = await depsWith(database, async ({ confirm }) => {
    await stop();
    await confirm();
    sent.push(ID);
    return { outcome: 'sent', providerId: null };
  });
  const outcome = await attempt({ ...late, switches: board }, { message, claimAge: () => 0 }, message);
  expect(outcome).toMatchObject({ outcome: 'stopped' });
  expect([sent, (await heldBySwitches(database.pool)).size]).toEqual([[], 1]);
});

test('a switch can leave transactional messages alone', async () => {
  await storeMessage(database, { transactional: true });
  await stop({ target: 'all', exceptTransactional: true });
  await deliver(await deps(), ID);
  expect(sent).toEqual([ID]);
});

test('a switch of a journey stops its messages only', async () => {
  await storeMessage(database);
  await stop({ target: 'journey:another' });
  await deliver(await deps(), ID);
  expect(sent).toEqual([ID]);
});

test.each([
  ['digest', []],
  ['offers', [ID]],
  [null, [ID]],
])('a switch of the topic digest stops its messages only: one of %s', async (topic, expected) => {
  await storeMessage(database, { topic });
  await stop({ target: 'topic:digest' });
  await deliver(await deps(), ID);
  expect(sent).toEqual(expected);
});

test('what can be stopped by name: all, channels, journeys and topics that there are', () => {
  const known = targetsOf({
    journeys: [{ id: 'trial' }],
    channels: [{ name: 'line' }],
    topics: topics({ digest: { title: { en: 'Digest' } } }),
  });
  const read = (text: string): unknown => readTarget(text, known);
  expect(['all', 'line', 'channel:email', 'journey:trial', 'topic:digest'].map(read)).toEqual([
    'all',
    'channel:line',
    'channel:email',
    'journey:trial',
    'topic:digest',
  ]);
  expect(['digest', 'channel:digest', 'journey:digest', 'topic:trial', 'topic:'].map(read)).toEqual(
    Array(5).fill(null),
  );
  expect(readTarget('topic:gone', null)).toBe('topic:gone');
});

test('a message is never held by a switch that was lifted meanwhile', async () => {
  await storeMessage(database);
  await stop();
  await liftSwitch(database.pool, LIFTED);
  // This worker has not heard of it yet.
  await expect(deliver(await deps(), ID)).rejects.toMatchObject({ message: 'Stopped' });
  expect(await heldBySwitches(database.pool)).toEqual(new Map());
  expect(await row()).toMatchObject({ status: 'retrying' });
});

test('messages that are held while the switch is lifted, by workers that do not know it yet, are all released', async () => {
  await storeMessage(database);
  const ids = Array.from({ length: 20 }, (_, n) => ID.replace(/..$/, String(10 + n)));
  const [first] = await database.knex('messages').select();
  await database.knex('messages').insert(ids.map((id) => ({ ...(first as object), id, data: {} })));
  await stop();
  const worker = await deps();
  const delivered = ids.map((id) => deliver(worker, id).catch(() => undefined));
  const lifted = liftSwitch(database.pool, LIFTED);
  await Promise.all([...delivered, lifted]);
  while ((await releaseStopped(database.pool)) > 0);
  expect(await heldBySwitches(database.pool)).toEqual(new Map());
});

test('who stopped and resumed what, and why, is kept', async () => {
  await stop();
  await liftSwitch(database.pool, LIFTED);
  expect(await liftSwitch(database.pool, LIFTED)).toBe(false);
  expect(await readSwitches(database.pool)).toEqual([]);
  expect(await switchChanges(database.pool, 10)).toMatchObject([
    { target: 'channel:email', mode: null, reason: 'mended', by: 'grace' },
    { target: 'channel:email', mode: 'hold', reason: 'a wrong price', by: 'grace' },
  ]);
});
