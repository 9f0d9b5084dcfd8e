import { z } from 'zod';
import { event } from '../../engine/authoring/event';
import { journey } from '../../engine/authoring/journey';
import { flags } from '../../engine/flags/define';
import { IN_APP_CHANNEL, announceInApp, announcedInApp, markOf, marksIn } from '../../store/in-app-announcements';
import { Listener } from '../../store/listener';
import { until } from '../support/until';
import { advanceUser } from './engine';
import { EventStream } from './event-stream';
import { InAppUser } from './in-app-users';
import { startApi, testDefinitions, type TestApi } from './server';

/** Changes of flags on open pages. */

const granted = event('Granted', z.looseObject({}), {});
const access = journey('access', { enter: granted }, async (j) => {
  await j.flag('beta', 'beta', true);
  await j.set('plan', { plan: 'pro' });
});

let api: TestApi;
let listener: Listener;
let heard: string[] = [];
beforeAll(async () => {
  const defined = flags({
    beta: { default: false },
    pro: { default: false, rules: [{ when: { traits: { plan: 'pro' } }, value: true }] },
    banner: {
      default: '',
      rules: [{ when: { traits: { 'address.country': 'DE' } }, variants: { only: { weight: 1, value: 'Hallo' } } }],
    },
  });
  api = await startApi({ code: { ...(await testDefinitions(access)), flags: defined } });
  let isListening = false;
  listener = Listener.start({
    url: api.database.url,
    channel: IN_APP_CHANNEL,
    applicationName: 'sojourn-test',
    onNotification: (payload) => heard.push(...marksIn(payload)),
    onListening: () => (isListening = true),
  });
  await until('the listener listens', () => isListening);
});
beforeEach(() => (heard = []));
afterAll(async () => {
  listener.stop();
  await api.stop();
});

/** Waits until everything that was announced so far has been heard. */
async function settled(): Promise<void> {
  await announcedInApp(api.database.pool);
  announceInApp(api.database.pool, ['the end']);
  await until('the end is heard', () => heard.includes(markOf('the end')));
}

async function pageOf(userId: string): Promise<EventStream> {
  await api.write('/v1/identify', { userId, traits: { plan: 'free' } });
  const { token } = await InAppUser.create(api.database, userId);
  return EventStream.open(api.url, token);
}

/** Waits until a page shows these flags, and returns the members of the state that were sent last. */
async function membersOf(page: EventStream, flag: string, value: unknown): Promise<string[]> {
  await until(`the page shows ${flag}`, () => {
    const { flags: shown } = page.state as { flags?: Record<string, unknown> };
    return shown?.[flag] === value;
  });
  return Object.keys(page.events.at(-1)?.data as object);
}

test('an open page gets the flags that a trait changes, and nothing of the state besides', async () => {
  const page = await pageOf('ada');
  await membersOf(page, 'pro', false);
  expect(page.state).toMatchObject({ flags: { beta: false, pro: false, banner: '' }, variants: {} });
  await api.write('/v1/identify', { userId: 'ada', traits: { plan: 'pro' } });
  expect(await membersOf(page, 'pro', true)).toEqual(['flags']);
  await api.write('/v1/identify', { userId: 'ada', traits: { address: { country: 'DE' } } });
  expect(await membersOf(page, 'banner', 'Hallo')).toEqual(['flags', 'variants']);
  expect(page.state).toMatchObject({ flags: { beta: false, pro: true }, variants: { banner: 'only' } });
  page.close();
});

test('an open page gets what a journey sets: a flag, and a trait that a flag reads', async () => {
  const page = await pageOf('ben');
  await membersOf(page, 'beta', false);
  await api.write('/v1/track', { userId: 'ben', event: 'Granted' });
  await advanceUser(api, 'ben');
  await membersOf(page, 'beta', true);
  await membersOf(page, 'pro', true);
  page.close();
});

test('a trait that no flag reads, and an event, announce nobody', async () => {
  await api.write('/v1/identify', { userId: 'cleo', traits: { plan: 'free' } });
  await settled();
  expect(heard).toContain(markOf('cleo'));
  heard = [];
  await api.write('/v1/identify', { userId: 'cleo', traits: { name: 'Cleo', city: 'plan' } });
  await api.write('/v1/track', { userId: 'cleo', event: 'Clicked', properties: { plan: 'pro' } });
  await settled();
  expect(heard).not.toContain(markOf('cleo'));
});

test('GET /v1/in-app has the same flags as the page', async () => {
  const { token } = await InAppUser.create(api.database, 'ada');
  const { body } = await api.call('GET', '/v1/in-app', { headers: { authorization: `Bearer ${token}` } });
  expect(body).toMatchObject({ flags: { pro: true, banner: 'Hallo' }, variants: { banner: 'only' } });
});
