import { z } from 'zod';
import { event, journey, unsubscribed } from '../../engine';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import { claimMessage } from '../../store/claims';
import { changeConsent, type Consent } from '../../store/consent';
import { ingest } from '../../store/ingest';
import { findLife } from '../../store/lives';
import { saveUser } from '../../store/state-save';
import { receiveTracked, undelivered } from '../../store/tracked-events';
import { testDatabase, type TestDatabase } from '../support/database';
import { decide, definitionsOf, type Decided } from '../support/decided-user';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const DAY = 86_400_000;
const asked = event('Asked', z.object({}), {});

let db: TestDatabase;
let definitions: Definitions;
beforeEach(async () => {
  db = await testDatabase();
  definitions = await definitionsOf(
    journey('asking', { enter: asked }, async (j) => {
      await j.sleep('time to answer', '1 day');
      await j.consent('no answer', { email: false, webPush: false });
    }),
    journey('told', { enter: unsubscribed, reenter: 'always' }, (j) => j.award('told', { points: 1 })),
  );
});
afterEach(() => db.drop());

const provider = () => staticDefinitions(definitions);
const columns = () => db.knex('users').where({ id: 'ada' }).first<{ consent: Consent; traits: object }>();

async function ask(): Promise<void> {
  const call = { userId: 'ada', messageId: 'asked', type: 'track', name: 'Asked', at: NOW, active: true } as const;
  const events = [{ ...call, properties: '{}', traits: '{"email":"ada@example.com"}', anonymousId: null }];
  await ingest(db, provider(), { events, aliases: [], receivedAt: NOW });
  await save(await decideAda(NOW));
}

const decideAda = (now: number): Promise<Decided> => decide(db, definitions, 'ada', now);
const save = ({ loaded, advanced }: Decided): Promise<boolean> => saveUser(db.pool, loaded, advanced, 1);

test('a journey withdraws consent in the save of its step, and leaves all else of the profile', async () => {
  await ask();
  expect(await columns()).toMatchObject({ consent: {} });
  expect(await save(await decideAda(NOW + DAY))).toBe(true);
  expect(await columns()).toMatchObject({
    consent: { email: false, webPush: false },
    traits: { email: 'ada@example.com' },
  });
  expect(await db.knex('suppressed_addresses')).toEqual([]);
});

test('journeys are told of it as of a tracked event, and a life has it', async () => {
  await ask();
  await save(await decideAda(NOW + DAY));
  const underWay = await undelivered(db.pool, 0);
  expect(underWay.map(({ userId, name }) => [userId, name])).toEqual([
    ['ada', 'Unsubscribed'],
    ['ada', 'Unsubscribed'],
  ]);
  await receiveTracked(db.pool, provider(), underWay, NOW + DAY + 5);
  const { advanced } = await decideAda(NOW + DAY + 5);
  expect(advanced.state.memory.points).toBe(1);
  const life = await findLife(db, 'ada');
  expect(life?.events.slice(1)).toMatchObject([
    { name: 'Unsubscribed', properties: { channel: 'email', $source: { journey: 'asking' } }, active: false },
    { name: 'Unsubscribed', properties: { channel: 'webPush' } },
  ]);
});

test('an answer of the user that comes between the load and the save is not overwritten', async () => {
  await ask();
  const decided = await decideAda(NOW + DAY);
  const change = { userId: 'ada', answers: { email: true }, at: NOW + DAY + 1, alsoAsAlias: false };
  await changeConsent(db, provider(), change);
  expect(await save(decided)).toBe(false);
  expect(await columns()).toMatchObject({ consent: { email: true } });
  expect(await undelivered(db.pool, 0)).toEqual([]);
});

test('a message that waits for delivery is claimed with the consent that a journey left', async () => {
  await ask();
  await db.knex('messages').insert({
    id: '5d6c0a0e-3b6f-4f0e-9d0c-2f6a6f1c7b11',
    user_id: 'ada',
    run_id: null,
    journey: 'other',
    step: 'mail',
    channel: 'email',
    template: 'mail',
    status: 'retrying',
    reason: 'allowed',
    transactional: false,
    data: {},
    decided_at: NOW,
    expires_at: NOW + 3 * DAY,
  });
  await save(await decideAda(NOW + DAY));
  await receiveTracked(db.pool, provider(), await undelivered(db.pool, 0), NOW + DAY);
  await save(await decideAda(NOW + DAY));
  const claim = await claimMessage(db.pool, '5d6c0a0e-3b6f-4f0e-9d0c-2f6a6f1c7b11', 1, {});
  expect(claim).toMatchObject({ message: { reach: { consent: { email: false } } } });
});
