import { templatesIn, traveller } from 'sojourn/testing';
import lifecycle from '../lifecycle';
import policy from '../policy';
import renewal from './journey';

const member = (traits: { plan: string; renewsAt: string }) =>
  traveller(renewal, { at: '2026-01-05T12:00:00Z', traits, with: { lifecycle, policy } });
const sentTo = ({ messages }: ReturnType<typeof member>): string[] =>
  messages.map(({ step, decidedAt }) => `${step}: ${new Date(decidedAt).toISOString()}`);

test('30 and 7 days before a yearly plan renews', async () => {
  const ada = member({ plan: 'yearly', renewsAt: '2026-06-01T12:00:00Z' });
  await ada.forward('365 days');
  expect(sentTo(ada)).toEqual([
    'renews in 30 days: 2026-05-02T12:00:00.000Z',
    'renews in 7 days: 2026-05-25T12:00:00.000Z',
  ]);
});

test("the mail names the day as it is in the person's language and zone", async () => {
  const traits = { plan: 'yearly', renewsAt: '2026-06-01T22:30:00Z', locale: 'de-AT', timezone: 'Europe/Vienna' };
  const ada = traveller(renewal, { at: '2026-01-05T12:00:00Z', traits, templates: templatesIn('examples') });
  await ada.forwardTo('2026-05-10T12:00:00Z');
  expect(ada.mailbox[0]?.text).toContain('renews on 2. Juni 2026.');
});

test('never for the monthly plan', async () => {
  const ada = member({ plan: 'monthly', renewsAt: '2026-06-01T12:00:00Z' });
  await ada.forward('365 days');
  expect(ada.messages).toEqual([]);
});

test('plan changed from yearly to monthly between: no second mail', async () => {
  const ada = member({ plan: 'yearly', renewsAt: '2026-06-01T12:00:00Z' });
  await ada.forwardTo('2026-05-10T12:00:00Z');
  await ada.identify({ plan: 'monthly' });
  await ada.forward('365 days');
  expect(sentTo(ada)).toEqual(['renews in 30 days: 2026-05-02T12:00:00.000Z']);
});

test('renewal date moved by a week after the first mail: the second moves', async () => {
  const ada = member({ plan: 'yearly', renewsAt: '2026-06-01T12:00:00Z' });
  await ada.forwardTo('2026-05-10T12:00:00Z');
  await ada.identify({ renewsAt: '2026-06-08T12:00:00Z' });
  await ada.forward('365 days');
  expect(sentTo(ada)).toEqual([
    'renews in 30 days: 2026-05-02T12:00:00.000Z',
    'renews in 7 days: 2026-06-01T12:00:00.000Z',
  ]);
});

test('renewal date moved by months after the first mail: both come before the new date', async () => {
  const ada = member({ plan: 'yearly', renewsAt: '2026-06-01T12:00:00Z' });
  await ada.forwardTo('2026-05-10T12:00:00Z');
  await ada.identify({ renewsAt: '2026-09-01T12:00:00Z' });
  await ada.forward('365 days');
  expect(sentTo(ada).slice(1)).toEqual([
    'renews in 30 days: 2026-08-02T12:00:00.000Z',
    'renews in 7 days: 2026-08-25T12:00:00.000Z',
  ]);
});

test('renewal date moved before the first mail: nothing on the former days', async () => {
  const ada = member({ plan: 'yearly', renewsAt: '2026-06-01T12:00:00Z' });
  await ada.forwardTo('2026-05-01T12:00:00Z');
  await ada.identify({ renewsAt: '2026-06-15T12:00:00Z' });
  await ada.forward('365 days');
  expect(sentTo(ada)).toEqual([
    'renews in 30 days: 2026-05-16T12:00:00.000Z',
    'renews in 7 days: 2026-06-08T12:00:00.000Z',
  ]);
});

test('29 February: by the date that is stored, and by the 28th in the year after', async () => {
  const ada = traveller(renewal, {
    at: '2028-01-01T12:00:00Z',
    traits: { plan: 'yearly', renewsAt: '2028-02-29T12:00:00Z' },
  });
  await ada.forwardTo('2028-03-01T12:00:00Z');
  await ada.identify({ renewsAt: '2029-02-28T12:00:00Z' });
  await ada.forwardTo('2029-03-01T12:00:00Z');
  expect(sentTo(ada)).toEqual([
    'renews in 30 days: 2028-01-30T12:00:00.000Z',
    'renews in 7 days: 2028-02-22T12:00:00.000Z',
    'renews in 30 days: 2029-01-29T12:00:00.000Z',
    'renews in 7 days: 2029-02-21T12:00:00.000Z',
  ]);
});
