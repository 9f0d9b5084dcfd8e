import { journey } from '../../engine/authoring/journey';
import { zoneOf } from '../../engine/model/zone';
import type { JsonObject } from '../../engine/model/json';
import { VirtualUser } from '../support/virtual-user';
import { signedUp, startApi, testDefinitions, type TestApi } from './server';

const mornings = journey('mornings', { enter: signedUp }, (j) => j.sleepUntil('in the morning', { at: '09:00' }));

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ code: await testDefinitions(mornings) });
});
afterAll(() => api.stop());

interface StoredUser {
  readonly traits: JsonObject;
  readonly wake_at: number | null;
  readonly awaiting_version: string;
}

async function userOf(id: string): Promise<StoredUser> {
  const user: StoredUser | undefined = await api.database.knex('users').where({ id }).first();
  if (!user) throw new Error(`There is no user ${id}.`);
  return user;
}

const track = (userId: string, context: object, rest: object = {}): Promise<unknown> =>
  api.write('/v1/track', { userId, event: 'Clicked', context, ...rest });
const identify = (userId: string, traits: object, context: object = {}): Promise<unknown> =>
  api.write('/v1/identify', { userId, traits, context });
const IN_BERLIN = { timezone: 'Europe/Berlin', locale: 'de-DE' };

test('the zone and the locale of the device hold for a user who has none', async () => {
  await track('ada', { ...IN_BERLIN, library: { name: 'mobile' } });
  const { traits } = await userOf('ada');
  expect(traits).toEqual({ fromContext: IN_BERLIN });
  expect(zoneOf(traits)).toBe('Europe/Berlin');
});

test('each kind of activity brings them, in a batch the one that happened last', async () => {
  const at = (hour: number): string => `2024-05-01T0${hour}:00:00Z`;
  const call = { userId: 'traveller', name: 'Home' };
  await api.write('/v1/batch', {
    batch: [
      { ...call, type: 'page', timestamp: at(3), context: { timezone: 'Asia/Tokyo' } },
      { ...call, type: 'screen', timestamp: at(2), context: { timezone: 'Europe/Rome', locale: 'it_IT' } },
      { ...call, type: 'identify', timestamp: at(1), context: { timezone: 'Europe/Paris', locale: 'fr-FR' } },
    ],
  });
  expect((await userOf('traveller')).traits).toEqual({ fromContext: { timezone: 'Asia/Tokyo', locale: 'it-IT' } });
});

test('a later context replaces them, an earlier or repeated one does not', async () => {
  const at = (hour: number): object => ({ timestamp: `2024-05-01T0${hour}:00:00Z`, messageId: `at ${hour}` });
  await track('mover', IN_BERLIN, at(1));
  await track('mover', { timezone: 'Asia/Tokyo' }, at(3));
  await track('mover', { timezone: 'Europe/Rome' }, at(2));
  await track('mover', IN_BERLIN, at(1));
  expect((await userOf('mover')).traits).toEqual({ fromContext: { timezone: 'Asia/Tokyo', locale: 'de-DE' } });
});

test('a trait of the user’s own wins, whichever came first', async () => {
  await identify('first', { timezone: 'Europe/Madrid' });
  await track('first', IN_BERLIN);
  await track('last', IN_BERLIN);
  await identify('last', { timezone: 'Europe/Madrid' }, { timezone: 'Asia/Tokyo' });
  const zones = [zoneOf((await userOf('first')).traits), zoneOf((await userOf('last')).traits)];
  expect(zones).toEqual(['Europe/Madrid', 'Europe/Madrid']);
});

test.each([
  ['no zone', { timezone: 'Mars/Olympus', locale: 'a language' }],
  ['other types', { timezone: 7, locale: ['de'] }],
  ['nothing', { timezone: '', locale: null }],
])('a context that names %s is ignored, and the call is stored', async (what, context) => {
  expect(await track(what, context)).toMatchObject({ status: 200, body: { accepted: 1, warnings: [] } });
  expect((await userOf(what)).traits).toEqual({});
});

test('what only happened to a user, and a group, tells nothing of their device', async () => {
  await track('passive', { ...IN_BERLIN, active: false });
  await api.write('/v1/group', { userId: 'passive', groupId: 'g', context: IN_BERLIN });
  expect((await userOf('passive')).traits).toEqual({ groups: { g: { groupId: 'g' } } });
});

test('a merge keeps what either device told, and the user’s own where both did', async () => {
  await api.write('/v1/track', { anonymousId: 'phone', event: 'Clicked', context: IN_BERLIN });
  await track('owner', { timezone: 'Asia/Tokyo' });
  await api.write('/v1/identify', { userId: 'owner', anonymousId: 'phone' });
  expect((await userOf('owner')).traits).toEqual({ fromContext: { timezone: 'Asia/Tokyo', locale: 'de-DE' } });
});

describe('a user who waits for a morning', () => {
  /** Enters the journey and is advanced, so that a deadline is set. */
  async function waits(userId: string, context: object): Promise<StoredUser> {
    await api.write('/v1/track', { userId, event: 'Signed Up', properties: { plan: 'free' }, context });
    await new VirtualUser(api.database, userId, api.definitions).advance(Date.now());
    return userOf(userId);
  }

  test('is woken by a context with another zone, and by no other', async () => {
    const before = await waits('lin', IN_BERLIN);
    const wokenBefore = api.woken.length;
    await track('lin', IN_BERLIN);
    await track('lin', { ...IN_BERLIN, locale: 'en-GB' });
    expect(await userOf('lin')).toMatchObject({ wake_at: before.wake_at, awaiting_version: before.awaiting_version });
    await track('lin', { timezone: 'Pacific/Auckland' });
    expect((await userOf('lin')).wake_at).toBeLessThanOrEqual(Date.now());
    expect(api.woken.slice(wokenBefore)).toEqual([]);
  });

  test('is not woken where a trait of their own holds', async () => {
    await identify('own', { timezone: 'Europe/Madrid' });
    const { wake_at } = await waits('own', IN_BERLIN);
    await track('own', { timezone: 'Pacific/Auckland' });
    expect((await userOf('own')).wake_at).toBe(wake_at);
  });
});

describe('the traits in a context', () => {
  test('are those of an identify, as RudderStack sends them; its own traits win', async () => {
    await api.write('/v1/identify', {
      userId: 'rudder',
      context: { traits: { email: 'r@example.com', plan: 'free' } },
    });
    await api.write('/v1/identify', {
      userId: 'rudder',
      traits: { plan: 'pro' },
      context: { traits: { plan: 'free' } },
    });
    expect((await userOf('rudder')).traits).toEqual({ email: 'r@example.com', plan: 'pro' });
    const [identified] = await api.database
      .knex('events')
      .where({ user_id: 'rudder' })
      .orderBy('id')
      .pluck('properties');
    expect(identified).toEqual({ email: 'r@example.com', plan: 'free' });
  });

  test('change nothing in any other call: they repeat an earlier identify', async () => {
    const call = { userId: 'repeats', event: 'Clicked', groupId: 'g', context: { traits: { email: 'r@example.com' } } };
    for (const path of ['track', 'page', 'screen', 'group']) await api.write(`/v1/${path}`, call);
    expect((await userOf('repeats')).traits).toEqual({ groups: { g: { groupId: 'g' } } });
  });
});
