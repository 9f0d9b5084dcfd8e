import { answered, journey } from 'sojourn';
import { traveller, type Traveller, type TravellerOptions } from 'sojourn/testing';
import { exportFinished, permissionRenewed } from '../events';
import policy from '../policy';
import renewed from '../re-permission-renewed/journey';
import rePermission from './journey';

const NO = { email: false, webPush: false, inApp: false };

/** Marketing of another journey. */
const news = journey('news', { enter: exportFinished, reenter: 'always' }, async (j) => {
  await j.send('news', { webPush: 'news' }, { expires: '3 days' });
});

/** A person who agreed two years ago, less an hour. The question comes at noon. */
async function agreed(options: TravellerOptions = {}): Promise<Traveller> {
  const ada = traveller([rePermission, renewed, news], {
    at: '2026-01-05T11:00:00Z',
    traits: { consentedAt: '2024-01-06T12:00:00Z' },
    with: { policy },
    ...options,
  });
  await ada.identify({ firstName: 'Ada' });
  return ada;
}

const questions = (ada: Traveller): string[] =>
  ada.messages
    .filter((message) => message.journey === 're-permission')
    .map(({ channel, decidedAt }) => `${channel} ${new Date(decidedAt).toISOString().slice(0, 10)}`);

const newsOf = (ada: Traveller) => ada.messages.filter((message) => message.journey === 'news');

test('asked once, twice; no answer: all marketing stops and stays so', async () => {
  const ada = await agreed();
  await ada.forward('27 days');
  expect(questions(ada)).toEqual(['email 2026-01-05', 'email 2026-01-19']);
  await ada.track(exportFinished, {});
  expect(newsOf(ada)).toHaveLength(1);
  await ada.forward('2 days');
  expect(ada.profile.consent).toEqual(NO);
  await ada.track(exportFinished, {});
  await ada.forward('1000 days');
  await ada.track(exportFinished, {});
  expect(newsOf(ada)).toHaveLength(1);
  expect(questions(ada)).toHaveLength(2);
});

test('consent of last year: nothing is asked', async () => {
  const ada = await agreed({ traits: { consentedAt: '2025-01-05T12:00:00Z' } });
  await ada.forward('100 days');
  expect(questions(ada)).toEqual([]);
});

test.each(['a click', 'a reply'])(
  'answered by %s: marketing goes on, and the next question is in two years',
  async () => {
    const ada = await agreed();
    await ada.forward('3 days');
    await ada.track(permissionRenewed, {});
    expect(ada.profile.traits).toMatchObject({ consentedAt: '2026-01-08T11:00:00.000Z' });
    await ada.forward('729 days');
    expect(questions(ada)).toEqual(['email 2026-01-05']);
    await ada.track(exportFinished, {});
    expect(newsOf(ada)).toHaveLength(1);
    await ada.forward('2 days');
    expect(questions(ada)).toEqual(['email 2026-01-05', 'email 2028-01-08']);
  },
);

test('answered on the page of preferences, which changes no answer: two years from then', async () => {
  const ada = await agreed();
  await ada.forward('16 days');
  await ada.consent('email', true);
  await ada.forward('100 days');
  expect(questions(ada)).toHaveLength(2);
  expect(ada.profile.traits).toMatchObject({ consentedAt: '2026-01-21T11:00:00.000Z' });
  expect(ada.profile.consent).toMatchObject({ email: true });
});

test.each([
  ['yes', true],
  ['no', false],
] as const)('answered in the app: %s', async (value, agrees) => {
  const ada = await agreed({ channels: ['inApp'] });
  await ada.forward('1 day');
  await ada.react('first question', answered, value);
  expect(ada.profile.consent).toEqual({ email: agrees, webPush: agrees, inApp: agrees });
  await ada.forward('60 days');
  expect(questions(ada)).toHaveLength(1);
});

test('opted out on the page of preferences: not asked again, and what they left on stays on', async () => {
  const ada = await agreed();
  await ada.forward('1 day');
  await ada.consent('email', false);
  await ada.forward('60 days');
  expect(questions(ada)).toHaveLength(1);
  expect(ada.profile.consent).toEqual({ email: false });
});

test('a yes by click does not bring back a channel that the person has opted out of', async () => {
  const ada = await agreed({ consent: { webPush: false } });
  await ada.forward('1 day');
  await ada.track(permissionRenewed, {});
  expect(ada.profile.consent).toEqual({ email: true, webPush: false, inApp: true });
});

test('a journey that already holds a message for them: it is not sent', async () => {
  const ada = await agreed({
    at: '2026-01-05T22:30:00Z',
    traits: { consentedAt: '2024-01-06T23:30:00Z' },
    channels: ['inApp', 'webPush'],
  });
  await ada.forward('28 days');
  await ada.track(exportFinished, {});
  expect(ada.held).toMatchObject([{ step: 'news' }]);
  await ada.forward('2 days');
  expect(newsOf(ada)).toEqual([]);
  expect(ada.suppressed).toMatchObject([{ step: 'news', cause: 'consent' }]);
});

test('who comes back by the page of preferences gets marketing again', async () => {
  const ada = await agreed();
  await ada.forward('60 days');
  await ada.consent('webPush', true);
  await ada.track(exportFinished, {});
  expect(newsOf(ada)).toMatchObject([{ channel: 'webPush' }]);
});
