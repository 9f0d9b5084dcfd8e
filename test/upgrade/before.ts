import type { JsonObject } from '../../engine/model/json';
import { ENTER, MESSAGE } from '../../engine/user/commands';
import type { ChannelName } from '../../engine/model/state';
import { changeConsent } from '../../store/consent';
import { createInbox } from '../../store/inbox';
import { recordDelivery } from '../../store/messages';
import { addInternalEvent } from '../../store/pending';
import { createSubscriptions } from '../../store/push-subscriptions';
import { changeStatus, publishDraft, saveDraft } from '../../store/stored-journeys';
import { BEGIN, DAY, UPGRADE } from './after';
import { AT_FIRST, EDITED } from './journeys/code';
import { ARCHIVED, COURSE, DRAFT, SURVEY } from './journeys/data';
import type { World, Deed } from './world';

/* What happens in the written database before the upgrade. */

const HOUR = 3_600_000;
const EDIT = BEGIN + 6 * DAY;
const NEXT_COURSE = BEGIN + 8 * DAY;
const PEOPLE = 40;
/** From this time on no user is advanced, and events stay pending. Epoch milliseconds. */
const DOWN = UPGRADE - 30_000;

const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', null] as const;
const idOf = (n: number): string => `person-${String(n).padStart(2, '0')}`;

function traitsOf(n: number): JsonObject {
  const zone = ZONES[n % ZONES.length];
  return {
    firstName: `Ada ${n}`,
    ...(n % 5 !== 4 && { email: `ada-${n}@example.com` }),
    ...(zone && { timezone: zone }),
    ...(n % 3 !== 1 && { plan: n % 2 === 0 ? 'pro' : 'free' }),
  };
}

/** What the nth user does, in order. Users begin at different times, so that they are in different steps. */
function storyOf(n: number): Deed[] {
  const user = idOf(n);
  const signUp = BEGIN + ((n * 7) % 11) * DAY + (n % 24) * HOUR;
  const doing = (name: string, at: number, properties: JsonObject = {}): Deed => ({ user, name, at, properties });
  const story: Deed[] = [
    { user, name: 'Signed Up', at: signUp, traits: traitsOf(n) },
    ...(n % 2 === 0 ? [doing('Course Started', signUp + HOUR)] : []),
    ...(n % 3 === 0 ? [doing('Survey Opened', signUp + 2 * HOUR)] : []),
    ...(n % 4 === 1 ? [doing('Order Placed', signUp + 3 * HOUR, { orderId: 'o-1' })] : []),
    ...(n % 8 === 1 ? [doing('Order Placed', signUp + 5 * HOUR, { orderId: 'o-2' })] : []),
    ...(n % 5 === 2 ? [doing('Project Created', signUp + 2 * DAY)] : []),
    ...(n % 6 === 3 ? [doing('Lesson Done', signUp + 4 * DAY)] : []),
    ...(n % 10 === 7 ? [doing('Account Deleted', signUp + 5 * DAY)] : []),
    ...(n % 8 === 5 ? [doing('Order Ready', signUp + 6 * DAY, { orderId: 'o-1' })] : []),
    ...(n % 8 === 5 ? [doing('Order Placed', signUp + 7 * HOUR, { orderId: 'o-3' })] : []),
    ...(n % 3 === 2 ? [doing('Course Started', UPGRADE - HOUR / 3)] : []),
    ...(n % 7 === 6 ? [doing('Course Started', UPGRADE - HOUR), doing('Project Created', UPGRADE - HOUR / 2)] : []),
  ];
  return story.filter(({ at }) => at < DOWN).sort((a, b) => a.at - b.at);
}

async function publish({ database }: World, id: string, definition: JsonObject): Promise<void> {
  await saveDraft(database, id, definition, null);
  await publishDraft(database, { id, author: 'grace', note: `the next ${id}` }, definition);
}

/** Everything that happens to all users after `from` and until `to`. */
async function live(world: World, from: number, to: number): Promise<void> {
  for (let n = 0; n < PEOPLE; n++) {
    for (const deed of storyOf(n)) if (deed.at > from && deed.at <= to) await world.receive(deed);
  }
  await world.allPassUntil(to);
  await deliver(world, to);
}

/** Delivers queued messages: most are sent, some are refused for a while, and some stay as after an attempt that crashed. */
async function deliver({ database }: World, at: number): Promise<void> {
  const { rows } = await database.pool.query<{ id: string; channel: ChannelName; user: string }>(
    `SELECT id, channel, user_id AS "user" FROM messages WHERE status = 'sending' ORDER BY id`,
  );
  const inbox = createInbox(database);
  for (const { id, channel, user } of rows) {
    const n = Number(user.slice(-2));
    if (n % 7 === 2) continue;
    if (channel === 'inApp') await inbox.save(id, { title: `For ${user}` });
    const refused = n % 7 === 4;
    await recordDelivery(database.pool, {
      id,
      attempts: 1,
      status: refused ? 'retrying' : 'sent',
      cause: null,
      reason: '',
      error: refused ? '451 later' : null,
      providerId: refused ? null : `provider ${user}`,
      deadAddress: null,
      at,
      pauseMs: refused ? 60_000 : null,
    });
    if (channel === 'inApp' && n % 2 === 1)
      await database.knex('messages').where({ id }).update({ seen_at: at, clicked_at: at });
  }
}

/** Edits the code and the stored journeys, and advances some users at once. */
async function tell(world: World, at: number): Promise<void> {
  await world.takeUp(EDITED);
  for (const [index, user] of (await world.users()).entries()) if (index % 2 === 0) await world.look(user, at);
}

/** A visitor begins the course, then signs up and is merged into a known user. */
async function becomeOne(world: World, at: number): Promise<void> {
  await world.receive({ user: 'visitor', name: 'Course Started', at });
  const deed: Deed = { user: 'person-known', name: 'Signed Up', at: at + HOUR, traits: { email: 'known@example.com' } };
  await world.passUntil('visitor', deed.at - 1);
  await world.store(deed, [{ previousId: 'visitor', userId: deed.user }]);
  await world.look(deed.user, deed.at);
}

async function byHand(world: World, at: number): Promise<void> {
  const { database } = world;
  const internal = [
    { userId: idOf(11), messageId: 'by hand', name: `${ENTER}come-back`, properties: {} },
    { userId: idOf(8), messageId: 'a message', name: MESSAGE, properties: { template: 'notice', channels: ['inApp'] } },
  ];
  for (const event of internal) {
    await world.passUntil(event.userId, at - 1);
    await addInternalEvent(database, { ...event, at });
    await world.look(event.userId, at);
  }
  for (const [n, channel] of [
    [11, 'email'],
    [19, 'webPush'],
    [22, 'email'],
    [0, 'email'],
    [16, 'email'],
    [33, 'email'],
  ] as const)
    await changeConsent(database, world.inForce, {
      userId: idOf(n),
      answers: { [channel]: false },
      at,
      alsoAsAlias: false,
    });
  const subscriptions = createSubscriptions(database);
  for (const n of [0, 8, 16, 30])
    await subscriptions.add(
      idOf(n),
      { endpoint: `https://push.example.com/${n}`, keys: { p256dh: 'p', auth: 'a' } },
      'the public key',
      at,
    );
}

/** Replaces random ids by ids that are the same every time. */
async function withoutChance({ database: { pool } }: World): Promise<void> {
  await pool.query(`UPDATE events SET message_id = type || ' ' || id WHERE type IN ('consent', 'manual')`);
  await pool.query(`UPDATE push_subscriptions SET id = md5(endpoint)::uuid`);
}

/** Fills a database with users who are inside journeys. */
export async function begin(world: World): Promise<void> {
  const { database } = world;
  world.answersCalls = (user) => Number(user.slice(-2)) % 8 !== 1;
  await publish(world, 'course', COURSE[0] ?? {});
  await publish(world, 'survey', SURVEY);
  await publish(world, 'archived', ARCHIVED);
  await changeStatus(database, 'archived', ['active'], 'archived');
  await saveDraft(database, 'draft', DRAFT, null);
  await world.takeUp(AT_FIRST);
  await live(world, 0, BEGIN + 3 * DAY);
  await becomeOne(world, BEGIN + 3 * DAY + HOUR);
  await byHand(world, BEGIN + 3 * DAY + 3 * HOUR);
  await live(world, BEGIN + 3 * DAY, EDIT - 1);

  await publish(world, 'course', COURSE[1] ?? {});
  await changeStatus(database, 'survey', ['active'], 'paused');
  await tell(world, EDIT);
  await live(world, EDIT - 1, NEXT_COURSE - 1);

  await publish(world, 'course', COURSE[2] ?? {});
  await saveDraft(database, 'course', { ...COURSE[2], reenter: 'never' }, null);
  await tell(world, NEXT_COURSE);
  await live(world, NEXT_COURSE - 1, UPGRADE - 60_000);

  const newcomers = [{ traits: { timezone: 'Europe/Berlin' } }, { traits: { email: 'late@example.com' } }, {}];
  for (const [index, more] of newcomers.entries())
    await world.receive({ user: `newcomer-${index}`, name: 'Signed Up', at: DOWN - 2_000 + index, ...more });
  await world.allPassUntil(DOWN);
  for (const n of [3, 10, 21, 33])
    await world.store({ user: idOf(n), name: 'Project Created', at: DOWN + n * 100, properties: {} });
  await world.store({ user: idOf(19), name: 'Identify', at: DOWN + 50, type: 'identify', traits: { plan: 'pro max' } });
  await withoutChance(world);
}
