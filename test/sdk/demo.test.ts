import type { FrameLocator, Page } from 'playwright-core';
import { bundleSdk } from '../../dev/bundle-sdk';
import { launchChromium } from '../../dev/chromium';
import { demoRoutes } from '../../dev/demo-app/routes';
import { DEMO_JOURNEYS } from '../../dev/demo-app/settings';
import { createTeardown, type Teardown } from '../../dev/teardown';
import { InAppUser } from '../api/in-app-users';
import { startApi, type TestApi } from '../api/server';
import { install } from '../e2e/support/installation';
import { until } from '../support/until';

/** A decision in the drawer: the kind of entry, and what it was. */
const decided = (page: Page, kind: string, what: string): Promise<unknown> =>
  until(`the drawer shows ${kind} ${what}`, () =>
    page.locator('#decisions li', { hasText: kind }).filter({ hasText: what }).first().isVisible(),
  );
const shown = (page: Page, text: string): Promise<unknown> =>
  until(`'${text}' is shown`, () => page.getByText(text, { exact: true }).first().isVisible());

/** The chat of a person, on a page or on the phone in its frame. */
function chatOn(screen: Page | FrameLocator) {
  const chat = screen.locator('sojourn-chat');
  const line = { own: '.line.own', theirs: '.line:not(.own)' } as const;
  return {
    open: (): Promise<void> => chat.locator('.bell').click(),
    press: (name: string | RegExp): Promise<void> => chat.getByRole('button', { name, exact: true }).click(),
    reads: (text: string, whose: keyof typeof line): Promise<unknown> =>
      until(`'${text}' is read`, () => chat.locator(line[whose]).filter({ hasText: text }).last().isVisible()),
  };
}

describe('with its journeys', () => {
  let parts: Teardown;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    parts = createTeardown();
    const { files: sdk } = await bundleSdk();
    const here = parts.add(
      await install({ speed: 1, journeysPath: DEMO_JOURNEYS, setup: { sdk, extraRoutes: demoRoutes } }),
    );
    const browser = await launchChromium();
    parts.add({ stop: () => browser.close() });
    page = await browser.newPage();
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    await page.goto(`${here.url}/demo`);
  });
  afterAll(() => parts.stop());

  test('what a person does brings a message onto the page, and the drawer shows what was decided', async () => {
    await page.getByRole('button', { name: 'Ada' }).click();
    await shown(page, 'You are demo-ada.');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await shown(page, 'Getting started: 1 of 3');
    await decided(page, 'Entered', 'onboarding');
    await decided(page, 'Message', 'card: signed up: sent by inApp');
    await decided(page, 'Waiting', 'first project');
    await page.getByRole('button', { name: 'Create a project' }).first().click();
    await shown(page, 'Getting started: 2 of 3');
    await page.getByRole('button', { name: 'Close' }).first().click();
    await shown(page, 'Your first project!');
    expect(await page.locator('#flags').textContent()).toContain('activated');
  });

  test('a message leads to a page of the app, which the demo names instead', async () => {
    await page.getByRole('link', { name: 'See my badges' }).click();
    await shown(page, 'The app would now open /badges.');
  });

  test('another person, by an id of their own, starts afresh', async () => {
    await page.locator('#who summary').click();
    await page.locator('#other').fill('sam');
    await page.getByRole('button', { name: 'Use this id' }).click();
    await shown(page, 'You are demo-sam.');
    await until('the drawer is of Sam', async () => !/onboarding/.test((await page.textContent('#decisions')) ?? ''));
    await page.getByRole('button', { name: 'Order a fruit box' }).click();
    await shown(page, 'We have your order.');
    await decided(page, 'Entered', 'order-updates');
  });

  describe('each kind of message answers something that a person does', () => {
    const act = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
    const appears = (kind: string): Promise<void> => page.locator(`sojourn-${kind}`).waitFor();
    async function close(kind: string): Promise<void> {
      await page.locator(`sojourn-${kind}`).getByRole('button', { name: 'Close' }).click();
      await page.locator(`sojourn-${kind}`).waitFor({ state: 'detached' });
    }

    beforeAll(async () => {
      await page.locator('#who summary').click();
      await page.getByRole('button', { name: 'Mei' }).click();
      await shown(page, 'You are demo-mei.');
    });

    test.each([
      ['Look around in the shop', 'banner'],
      ['Leave with a full basket', 'slide-in'],
      ['Pay with an expired card', 'modal'],
      ['Finish a workout', 'tip'],
      ['Plan my week', 'checklist'],
      ['Look at the timetable', 'poll'],
      ['Finish a course', 'survey'],
      ['Read a lesson', 'quiz'],
    ])('%s: a %s', async (action, kind) => {
      await act(action);
      await appears(kind);
      await close(kind);
    });

    test('Book a class: a card in the inbox, which says what became of the choice', async () => {
      await act('Book a class');
      await act('Messages, Unread: 1');
      await act('Give my place away');
      await shown(page, 'Your place is given away. Thank you for telling us in time.');
    });

    test('Read another lesson: the right answer brings points', async () => {
      await page.keyboard.press('Escape');
      await act('Read a lesson');
      await act('Two days');
      await shown(page, '10 points');
    });

    test('Ask for help: the chat asks, with answers to choose from, and says what becomes of it', async () => {
      const { open, press, reads } = chatOn(page);
      await page.keyboard.press('Escape');
      await act('Ask for help');
      await page.getByRole('button', { name: 'Chat, Unread: 1' }).waitFor();
      await open();
      await reads('Hello! How can we help?', 'theirs');
      await press('Where is my order?');
      await reads('Where is my order?', 'own');
      await reads('The card of your order shows where it is now, and it moves by itself.', 'theirs');
      await press('No');
      await reads('Thank you. A colleague writes to you by tomorrow.', 'theirs');
      await press('Close');
    });

    test('A courier takes the order: the two can talk, each on a phone of their own', async () => {
      await act('Order a fruit box');
      await act('A courier takes it');
      const [mei, courier] = [chatOn(page), chatOn(page.frameLocator('#phone'))];
      await courier.open();
      await courier.press('I am on my way');
      await mei.open();
      await mei.press('Back');
      await mei.press(/^Noor · Courier/);
      await mei.reads('I am on my way', 'theirs');
      await mei.press('I am at the door');
      await courier.reads('I am at the door', 'theirs');
      await until('Noor is told that it was read', () =>
        page.frameLocator('#phone').locator('.state', { hasText: 'Seen' }).isVisible(),
      );
      await mei.press('Close');
      await act('Pick it up');
      await until('the conversation is closed', () =>
        page.frameLocator('#phone').getByText('This conversation is closed.').isVisible(),
      );
    });
  });

  test('nothing on the page broke its Content Security Policy, or failed', () => expect(faults).toEqual([]));
});

describe('whom it lets in', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ extraRoutes: demoRoutes });
  });
  afterAll(() => api.stop());

  const token = (on: TestApi, id: unknown): ReturnType<TestApi['call']> =>
    on.call('POST', '/demo/token', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id }),
    });

  test.each(['user-1', 'demo-', 'demo-A', '', 7, null])('there is no token of %p', async (id) => {
    expect(await token(api, id)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/id' }] } });
  });

  test('no token leads to a user into whom a person of the demo was merged', async () => {
    expect((await token(api, 'demo-ada')).status).toBe(201);
    await api.admin('POST', '/v1/identify', { userId: 'user-2', traits: {} });
    const merge = await api.call('POST', '/v1/alias', {
      headers: { authorization: `Bearer ${api.deps.config.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ userId: 'user-2', previousId: 'demo-ada' }),
    });
    expect(merge.status).toBe(200);
    expect((await token(api, 'demo-ada')).status).toBe(403);
  });

  test('the timeline is that of the token, and only of people of the demo', async () => {
    const timeline = (bearer: string): ReturnType<TestApi['call']> =>
      api.call('GET', '/demo/timeline', { headers: { authorization: `Bearer ${bearer}` } });
    const { body } = await token(api, 'demo-kofi');
    const kofi = await timeline((body as { token: string }).token);
    expect(kofi).toMatchObject({ status: 200, body: { entries: [{ kind: 'event', what: 'Identify' }] } });
    expect((await timeline('none')).status).toBe(401);
    const user = await InAppUser.create(api.database, 'user-3');
    expect((await timeline(user.token)).status).toBe(403);
  });
});

test('where it is off, nothing of it is there', async () => {
  const api = await startApi();
  for (const path of ['/demo', '/demo/page.mjs', '/demo/page.css', '/demo/courier', '/demo/timeline'])
    expect((await api.call('GET', path)).status).toBe(404);
  expect((await api.call('POST', '/demo/token', { body: '{"id":"demo-ada"}' })).status).toBe(404);
  await api.stop();
});
