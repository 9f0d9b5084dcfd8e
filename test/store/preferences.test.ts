import { z } from 'zod';
import { staleBecause } from '../../activities/hand-over';
import { event, journey, topicUnsubscribed } from '../../engine';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import { choose, confirmed, type Chosen, type TopicChoice } from '../../engine/model/preferences';
import type { Preferences, TopicAnswer } from '../../engine/model/topic-answer';
import { claimMessage, confirmClaim } from '../../store/claims';
import { ingest } from '../../store/ingest';
import { findLife } from '../../store/lives';
import { mergeUsers } from '../../store/merge-users';
import { changePreferences } from '../../store/preferences';
import { saveUser } from '../../store/state-save';

import { testDatabase, type TestDatabase } from '../support/database';
import { decide, definitionsOf } from '../support/decided-user';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const asked = event('Asked', z.object({}), {});

let db: TestDatabase;
let definitions: Definitions;
beforeEach(async () => {
  db = await testDatabase();
  definitions = await definitionsOf(
    journey('news', { enter: asked, topic: 'digest', reenter: 'always' }, async (j) => {
      await j.send('news', { email: 'news' });
    }),
    journey('told', { enter: topicUnsubscribed, reenter: 'always' }, (j) => j.award('told', { points: 1 })),
  );
});
afterEach(() => db.drop());

const provider = () => staticDefinitions(definitions);
const topicsOf = async (id = 'ada'): Promise<Preferences | undefined> =>
  (await db.knex('users').where({ id }).first<{ topics: Preferences } | undefined>('topics'))?.topics;

async function ask(userId = 'ada'): Promise<void> {
  const call = {
    userId,
    messageId: `asked ${userId}`,
    type: 'track',
    name: asked.name,
    at: NOW,
    active: true,
  } as const;
  const events = [{ ...call, properties: '{}', traits: `{"email":"${userId}@example.com"}`, anonymousId: null }];
  await ingest(db, provider(), { events, aliases: [], receivedAt: NOW });
}

async function advance(now: number): Promise<ReturnType<typeof decide>> {
  const decided = await decide(db, definitions, 'ada', now);
  expect(await saveUser(db.pool, decided.loaded, decided.advanced, 1)).toBe(true);
  return decided;
}

const answer = (
  topic: string,
  act: (before: TopicAnswer | undefined) => Chosen,
  { userId = 'ada', at = NOW } = {},
): ReturnType<typeof changePreferences> =>
  changePreferences(db, provider(), {
    ...{ userId, at, alsoAsAlias: true, answers: new Map([[topic, act]]) },
    origin: { source: 'preference page', wording: 'Weekly digest' },
  });
const choosing = (choice: TopicChoice, confirms = false) => {
  return (before: TopicAnswer | undefined): Chosen => choose('digest', before, choice, { confirms });
};

test('an answer is kept with when, where and in which words it was given, and wakes whom it matters to', async () => {
  await ask();
  await advance(NOW);
  const changed = await answer('digest', choosing({ subscribed: false, frequency: 'weekly' }));
  expect(changed).toMatchObject({
    topics: { digest: { standing: 'out', frequency: 'weekly' } },
    pending: [{ userId: 'ada', name: 'Topic Unsubscribed' }],
  });
  const events = await db.knex('events').where({ type: 'consent' }).orderBy('id').select('name', 'at', 'properties');
  const origin = { topic: 'digest', source: 'preference page', wording: 'Weekly digest' };
  expect(events).toEqual([
    { name: 'Topic Unsubscribed', at: NOW, properties: origin },
    { name: 'Topic Frequency Chosen', at: NOW, properties: { ...origin, frequency: 'weekly' } },
  ]);
  expect((await advance(NOW + 1)).advanced.state.memory.points).toBe(1);
});

test('what repeats the former answer is no event, and writes nothing', async () => {
  await ask();
  await answer('digest', choosing({ subscribed: false }));
  const before = await db.knex('users').where({ id: 'ada' }).first<{ version: number }>('version');
  expect(await answer('digest', choosing({ subscribed: false }))).toMatchObject({ pending: [] });
  expect(await db.knex('users').where({ id: 'ada' }).first('version')).toEqual(before);
  expect(await answer('digest', choosing({ subscribed: false }), { userId: 'nobody' })).toBeNull();
});

test('a message that is decided, and not handed over, is not sent to somebody who leaves its topic', async () => {
  await ask();
  const { advanced } = await advance(NOW);
  const [message] = advanced.effects.messages;
  expect(message).toMatchObject({ status: 'queued', topic: 'digest' });
  await db.knex('messages').update({ status: 'queued', lease_until: null });
  const claim = await claimMessage(db.pool, message?.id ?? '', 1, {});
  if (claim.kind !== 'claimed') throw new Error(`Expected a claim, but it is ${claim.kind}.`);
  expect(staleBecause(claim.message, claim.message.reach, NOW)).toBeNull();
  await answer('digest', choosing({ subscribed: false }));
  await db.knex('events').update({ pending: false });
  const confirmation = await confirmClaim(db.pool, claim.message);
  if (confirmation.kind !== 'ours') throw new Error(`Expected the claim to hold, but it is ${confirmation.kind}.`);
  expect(staleBecause(claim.message, confirmation.reach, NOW)).toEqual({
    ...{ outcome: 'suppressed', cause: 'consent', reason: 'unsubscribed from digest' },
  });
});

test('a yes with double opt-in is pending until it is confirmed, and two confirmations at once are one', async () => {
  await ask();
  await answer('digest', choosing({ subscribed: true }, true));
  expect(await topicsOf()).toEqual({ digest: { standing: 'pending' } });
  await Promise.all([1, 2, 3].map(() => answer('digest', (before) => confirmed('digest', before))));
  expect(await topicsOf()).toEqual({ digest: { standing: 'in' } });
  expect(await db.knex('events').where({ name: 'Topic Subscribed' })).toHaveLength(1);
});

test('answers about different topics at once are all kept', async () => {
  await ask();
  const names = ['a', 'b', 'c', 'd', 'e'];
  await Promise.all(
    names.map((name) => answer(name, (before) => choose(name, before, { subscribed: false }, { confirms: false }))),
  );
  expect(Object.keys((await topicsOf()) ?? {}).sort()).toEqual(names);
});

test('when users become one, a no of either holds, and so does the rarer frequency', async () => {
  await ask();
  await ask('old');
  await db
    .knex('users')
    .where({ id: 'old' })
    .update({
      topics: {
        left: { standing: 'out' },
        both: { standing: 'in', frequency: 'weekly', channels: { email: false } },
        asked: { standing: 'in' },
      },
    });
  await db
    .knex('users')
    .where({ id: 'ada' })
    .update({
      topics: {
        left: { standing: 'in' },
        both: { standing: 'in', frequency: 'all', channels: { email: true, webPush: true } },
        asked: { standing: 'pending' },
      },
    });
  await mergeUsers(db.pool, [{ previousId: 'old', userId: 'ada' }], 'users', NOW);
  expect(await topicsOf()).toEqual({
    left: { standing: 'out' },
    both: { standing: 'in', frequency: 'weekly', channels: { email: false, webPush: true } },
    asked: { standing: 'in' },
  });
});

test('what anybody can say of a visitor of their own changes no answer of a user', async () => {
  await ask();
  await answer('digest', choosing({ subscribed: true }));
  await ask('anon:v');
  await db
    .knex('users')
    .where({ id: 'anon:v' })
    .update({ topics: { digest: { standing: 'out' } } });
  await mergeUsers(db.pool, [{ previousId: 'v', userId: 'ada' }], 'visitors', NOW);
  expect(await topicsOf()).toEqual({ digest: { standing: 'in' } });
});

test('a life has the answers, and their events', async () => {
  await ask();
  await answer('digest', choosing({ subscribed: false }));
  const life = await findLife(db, 'ada');
  expect(life?.topics).toEqual({ digest: { standing: 'out' } });
  expect(life?.events.at(-1)).toMatchObject({ type: 'consent', name: 'Topic Unsubscribed' });
});
