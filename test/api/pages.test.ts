import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { signAnswer, signUnsubscribe } from '../../config/tokens';
import { launchChromium } from '../../dev/chromium';
import { createTeardown, type Teardown } from '../../dev/teardown';
import { SECRET, startApi, type TestApi } from './server';

/** What a question of the tests says, and the links of the message that asks it. */
const ASKED = '00000000-0000-4000-8000-0000000000a1';
const OVER = '00000000-0000-4000-8000-0000000000a2';
const QUESTION = {
  step: 'topic',
  text: { en: 'How can we help?', de: 'Wie können wir helfen?' },
  choices: [
    { value: 'order', label: { en: 'Where is my order?', de: 'Wo ist meine Bestellung?' } },
    { value: 'refund', label: { en: 'I want my money back', de: 'Ich möchte mein Geld zurück' } },
  ],
};

const unsubscribe = (userId: string, channel: 'email' | 'webPush' = 'email'): string =>
  `/u/${signUnsubscribe(SECRET, { userId, channel, messageId: 'm1' })}`;
const answer = (messageId: string, value = 'order'): string => `/a/${signAnswer(SECRET, { messageId, value })}`;

interface Shown {
  readonly what: string;
  readonly path: string;
  readonly heading: string;
  readonly language: string;
  /** The button that leads to the page. */
  readonly press?: string;
}

/** The pages that differ in how they are built. */
const PAGES: readonly Shown[] = [
  { what: 'an unsubscribe link', path: unsubscribe('ada'), heading: 'Abmelden', language: 'de' },
  {
    what: 'a person who is unsubscribed',
    ...{ path: unsubscribe('ada'), press: 'Abmelden', heading: 'Sie sind abgemeldet', language: 'de' },
  },
  { what: 'a question', path: answer(ASKED), heading: 'Wie können wir helfen?', language: 'de-DE' },
  {
    // The last one, because the first answer holds.
    what: 'a question that is answered',
    ...{ path: answer(ASKED), press: 'Wo ist meine Bestellung?', heading: 'Wie können wir helfen?', language: 'de-DE' },
  },
];

/** Light on a desk, and dark on a phone. */
const DEVICES: readonly BrowserContextOptions[] = [
  { colorScheme: 'light', viewport: { width: 1_000, height: 700 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true },
];

let parts: Teardown;
let api: TestApi;
let screens: readonly Page[];
/** What the browser complains of. */
const complaints: string[] = [];
beforeAll(async () => {
  parts = createTeardown();
  api = parts.add(await startApi());
  const browser = await launchChromium();
  parts.add({ stop: () => browser.close() });
  screens = await Promise.all(DEVICES.map(async (device) => (await browser.newContext(device)).newPage()));
  for (const screen of screens) screen.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
  const { knex } = api.database;
  await knex('users').insert({ id: 'ada', traits: { locale: 'de-DE' }, created_at: 0, last_seen_at: 0 });
  await knex('users').insert({ id: 'kim', traits: {}, created_at: 0, last_seen_at: 0 });
  for (const [id, within] of [
    [ASKED, undefined],
    [OVER, '1 minute'],
  ] as const) {
    const run = id.replace('8000', '8001');
    await knex('runs').insert({
      id: run,
      user_id: 'ada',
      journey: 'order',
      entered_at: 0,
      status: 'completed',
      body: {},
    });
    await knex('messages').insert({
      ...{
        id,
        user_id: 'ada',
        run_id: run,
        journey: 'order',
        step: 'topic: mail',
        channel: 'email',
        template: 'topic',
      },
      ...{
        status: 'sent',
        transactional: true,
        decided_at: 0,
        expires_at: 1,
        data: { question: { ...QUESTION, within } },
      },
    });
  }
});
afterAll(() => parts.stop());

/** Opens a page on each device. */
async function onDevices({ path, press }: Shown, check: (page: Page) => Promise<void>): Promise<void> {
  for (const page of screens) {
    await page.goto(api.url + path);
    // The second device may find the answer of the first.
    if (press !== undefined && (await page.getByRole('button').count()) > 0)
      await page.getByRole('button', { name: press }).click();
    await check(page);
  }
}

test.each(PAGES)('$what: nothing that axe finds, in light and dark, and no wider than a phone', async (shown) => {
  await onDevices(shown, async (page) => {
    await page.getByRole('heading', { level: 1, name: shown.heading }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe(shown.language);
    expect(await page.title()).toBe(shown.heading);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  });
  expect(complaints).toEqual([]);
});

test('a page follows the system: light or dark', async () => {
  const ground = 'getComputedStyle(document.body).backgroundColor';
  const grounds = await Promise.all(screens.map((screen) => screen.evaluate(ground)));
  expect(grounds).toEqual(['rgb(255, 255, 255)', 'rgb(18, 21, 27)']);
});

test('no page runs a script, loads anything or can be framed', async () => {
  for (const path of [...PAGES.map((page) => page.path), '/u/nonsense', '/a/nonsense']) {
    const policy = (await api.call('GET', path)).headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+=*'; img-src data:; /);
    expect(policy).toContain("frame-ancestors 'none'");
  }
});

test.each([
  ['that of the person', 'fr', unsubscribe('ada'), 200, 'de', 'Möchten Sie keine E-Mails mehr von uns erhalten?'],
  ['that of the person', 'fr', unsubscribe('ada', 'webPush'), 200, 'de', 'keine Benachrichtigungen'],
  ['that of the person', 'en', answer(ASKED, 'other'), 404, 'de', 'Dieser Link ist nicht gültig'],
  ['that of the person', 'en', answer(OVER), 410, 'de', 'Diese Frage ist geschlossen'],
  [
    'of the browser, if nobody has told that of the person',
    'de-AT,de;q=0.9',
    unsubscribe('kim'),
    200,
    'de',
    'Abmelden',
  ],
  ['that of the browser, if nobody is known', 'de-AT', unsubscribe('erased'), 200, 'de', 'Abmelden'],
  ['that of the browser, if the link is not valid', 'fr, de;q=0.5', '/u/nonsense', 404, 'de', 'Vielleicht wurde er'],
  ['that of the browser, if the link is not valid', 'de', '/a/nonsense', 404, 'de', 'Dieser Link ist nicht gültig'],
  ['English, if the browser wants another', 'fr', '/u/nonsense', 404, 'en', 'This link is not valid'],
  ['English, if the browser says nonsense', ';;q=,', '/a/nonsense', 404, 'en', 'It may have been cut off'],
])('the language is %s (%s)', async (_whose, wanted, path, status, language, text) => {
  const page = await api.call('GET', path, { headers: { 'accept-language': wanted } });
  expect(page).toMatchObject({ status, text: expect.stringContaining(`<html lang="${language}">`) });
  expect(page.text).toContain(text);
});
