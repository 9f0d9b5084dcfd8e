import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { signConfirm, signPreferences, signUnsubscribe } from '../../config/tokens';
import { launchChromium } from '../../dev/chromium';
import { createTeardown, type Teardown } from '../../dev/teardown';
import { topics } from '../../engine';
import { asUser } from './as-user';
import { SECRET, startApi, testDefinitions, type Answer, type TestApi } from './server';

const DAY = 86_400_000;
const TOPICS = topics({
  digest: {
    title: { en: 'Weekly digest', de: 'Wochenbrief' },
    description: { en: 'What changed', de: 'Was sich geändert hat' },
    frequencies: ['all', 'weekly'],
    channels: ['email', 'webPush'],
  },
  letters: { title: { en: 'Letters', de: 'Briefe' }, doubleOptIn: true },
});

let parts: Teardown;
let api: TestApi;
beforeAll(async () => {
  parts = createTeardown();
  api = parts.add(await startApi({ code: { ...(await testDefinitions()), topics: TOPICS } }));
});
afterAll(() => parts.stop());
beforeEach(async () => {
  const { knex } = api.database;
  await knex.raw('TRUNCATE users, events, suppressed_addresses CASCADE');
  await knex('users').insert({ id: 'ada', traits: { locale: 'de-DE' }, created_at: 0, last_seen_at: 0 });
});

const profile = async (): Promise<Record<string, unknown>> =>
  (await api.admin('GET', '/v1/users/ada')).body as Record<string, unknown>;
const unsubscribe = (topic?: string): string =>
  `/u/${signUnsubscribe(SECRET, { userId: 'ada', channel: 'email', messageId: 'm', topic })}`;
const page = `/p/${signPreferences(SECRET, 'ada')}`;
const confirm = (until: number): string => `/y/${signConfirm(SECRET, { userId: 'ada', topic: 'letters', until })}`;
const post = (path: string): Promise<Answer> => api.call('POST', path);

test('the app reads and sets what its user gets, and a yes with double opt-in is pending', async () => {
  const put = await asUser(api, 'ada', 'PUT', '/v1/preferences', {
    ...{ channels: { inApp: false }, wording: 'Send me this' },
    topics: { digest: { channels: { email: false }, frequency: 'weekly' }, letters: { subscribed: true } },
  });
  expect(put).toMatchObject({
    status: 200,
    body: {
      channels: { email: true, inApp: false },
      topics: {
        digest: {
          title: 'Wochenbrief',
          subscribed: true,
          channels: { email: false, webPush: true },
          frequency: 'weekly',
        },
        letters: { subscribed: false, pending: true },
      },
    },
  });
  expect((await asUser(api, 'ada', 'GET', '/v1/preferences')).body).toEqual(put.body);
  expect((await profile())['answers']).toMatchObject([
    { topic: 'letters', channel: null, answer: 'pending', source: 'app', wording: 'Send me this' },
    { topic: 'digest', channel: 'email', answer: 'no', source: 'app' },
    { topic: null, channel: 'inApp', answer: 'no', source: 'app' },
  ]);
});

test.each([
  ['an unknown topic', { gone: { subscribed: true } }, '/topics/gone'],
  ['a topic named like a property of every object', { constructor: { subscribed: true } }, '/topics/constructor'],
  ['a channel without a choice', { letters: { channels: { email: true } } }, '/topics/letters/channels/email'],
  ['a frequency without a choice', { letters: { frequency: 'weekly' } }, '/topics/letters/frequency'],
  ['a field that is not known', { digest: { often: true } }, '/topics/digest/often'],
])('%s is refused by its name', async (_what, given, pointer) => {
  const { status, body } = await asUser(api, 'ada', 'PUT', '/v1/preferences', { topics: given });
  expect([status, body]).toMatchObject([422, { errors: [{ pointer }] }]);
});

test('one-click leaves the topic of the message, and the other button the channel', async () => {
  expect(await post(unsubscribe('digest'))).toMatchObject({
    status: 200,
    text: expect.stringContaining('Wochenbrief'),
  });
  expect(await profile()).toMatchObject({ consent: {}, topics: { digest: { standing: 'out' } } });
  expect((await profile())['answers']).toMatchObject([
    { topic: 'digest', answer: 'no', source: 'one-click', wording: null },
  ]);
  await post(`${unsubscribe('digest')}?from=page&all=1`);
  expect(await profile()).toMatchObject({ consent: { email: false } });
});

test('a link of a message without a topic leaves the channel, as ever', async () => {
  await post(unsubscribe());
  expect(await profile()).toMatchObject({ consent: { email: false }, topics: {} });
});

test('a confirmation counts once, is answered twice, and lifts no later no', async () => {
  const link = confirm(Date.now() + 7 * DAY);
  expect((await post(link)).status).toBe(410);
  await api.admin('PUT', '/v1/users/ada/preferences', { topics: { letters: { subscribed: true } } });
  expect((await api.call('GET', link)).status).toBe(200);
  expect(await profile()).toMatchObject({ topics: { letters: { standing: 'pending' } } });
  expect((await post(confirm(Date.now() - 1))).status).toBe(410);
  const [first, second] = [await post(link), await post(link)];
  expect([first.status, second.text]).toEqual([200, first.text]);
  expect(await profile()).toMatchObject({
    topics: { letters: { standing: 'in' } },
    answers: [{ answer: 'yes', source: 'double opt-in', wording: 'Möchten Sie „Briefe“ erhalten?' }],
  });
  await api.admin('PUT', '/v1/users/ada/preferences', { topics: { letters: { subscribed: false } } });
  expect((await post(link)).status).toBe(410);
  expect(await profile()).toMatchObject({ topics: { letters: { standing: 'out' } } });
});

test.each(['/p/forged', '/y/forged', `/p/${signConfirm(SECRET, { userId: 'ada', topic: 'letters', until: 1 })}`])(
  'a link that was made for nothing of this kind is not valid: %s',
  async (path) => {
    expect([(await api.call('GET', path)).status, (await post(path)).status]).toEqual([404, 404]);
  },
);

describe('the page in a browser', () => {
  let screens: readonly Page[];
  beforeAll(async () => {
    const browser = await launchChromium();
    parts.add({ stop: () => browser.close() });
    screens = await Promise.all(
      [
        { colorScheme: 'light' as const, viewport: { width: 1_000, height: 900 } },
        { colorScheme: 'dark' as const, viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true },
      ].map(async (device) => (await browser.newContext(device)).newPage()),
    );
  });

  test('is in the language of the person, has nothing that axe finds, and is no wider than a phone', async () => {
    for (const screen of screens) {
      await screen.goto(api.url + page);
      await screen.getByRole('heading', { level: 1, name: 'Was Sie von uns erhalten' }).waitFor();
      expect(await screen.locator('script').count()).toBe(0);
      expect((await new AxeBuilder({ page: screen }).analyze()).violations).toEqual([]);
      expect(await screen.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    }
  });

  test('what is chosen holds, what is left alone is no answer, and everything can be left at once', async () => {
    const [screen] = screens;
    if (!screen) throw new Error('Expected a screen.');
    await screen.goto(api.url + page);
    const digest = screen.getByRole('group', { name: 'Wochenbrief' });
    await digest.getByLabel('Per E-Mail').uncheck();
    await digest.getByLabel('Wie oft').selectOption('weekly');
    await screen.getByRole('group', { name: 'Briefe' }).getByRole('checkbox').check();
    await screen.getByRole('button', { name: 'Speichern' }).click();
    await screen.getByRole('status').waitFor();
    expect(await profile()).toMatchObject({
      consent: {},
      topics: { digest: { channels: { email: false }, frequency: 'weekly' }, letters: { standing: 'pending' } },
    });
    expect((await profile())['answers']).toMatchObject([
      { topic: 'letters', source: 'preference page', wording: expect.stringContaining('Briefe') },
      { topic: 'digest', channel: 'email', answer: 'no' },
    ]);
    expect(await digest.getByLabel('Per E-Mail').isChecked()).toBe(false);
    const before = await api.database.knex('events').count();
    await screen.getByRole('button', { name: 'Speichern' }).click();
    await screen.getByRole('status').waitFor();
    expect(await api.database.knex('events').count()).toEqual(before);
    await screen.getByRole('button', { name: 'Von allem abmelden' }).click();
    await screen.getByText('Sie sind von allem abgemeldet.').waitFor();
    expect(await profile()).toMatchObject({
      consent: { email: false, webPush: false, inApp: false },
      topics: { digest: { standing: 'out' }, letters: { standing: 'out' } },
    });
  });
});
