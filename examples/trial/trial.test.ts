import { traveller, type TravellerOptions } from 'sojourn/testing';
import { planUpgraded, reportMade, teammateJoined, trialStarted } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import trial from './journey';

/** Somebody whose trial of fourteen days begins: by default on a Monday. */
async function onTrial(at = '2026-01-05T12:00:00Z', options: TravellerOptions = {}) {
  const trialEndsAt = new Date(Date.parse(at) + 14 * 86_400_000).toISOString();
  const ada = traveller(trial, { at, traits: { trialEndsAt }, with: { lifecycle, policy }, ...options });
  await ada.track(trialStarted, {});
  return ada;
}

const sentTo = ({ messages }: Awaited<ReturnType<typeof onTrial>>) =>
  messages.map(({ template, decidedAt }) => `${new Date(decidedAt).toISOString().slice(0, 16)} ${template}`);

test('fourteen days: day 1, 3 and 7, and three days before the end', async () => {
  const ada = await onTrial();
  await ada.forward('15 days');
  expect(sentTo(ada)).toEqual([
    '2026-01-06T12:00 first-steps',
    '2026-01-08T12:00 make-a-report',
    '2026-01-12T12:00 invite-a-teammate',
    '2026-01-16T12:00 trial-ends',
  ]);
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'not upgraded', goalAt: null }]);
});

test('extended by 7 days on day 10: the reminder moves', async () => {
  const ada = await onTrial();
  await ada.forward('10 days');
  await ada.identify({ trialEndsAt: '2026-01-26T12:00:00Z' });
  await ada.forward('7 days');
  expect(ada.messages.map(({ template }) => template)).not.toContain('trial-ends');
  await ada.forward('2 days');
  expect(sentTo(ada).at(-1)).toBe('2026-01-23T12:00 trial-ends');
});

test('upgraded: stops, counts as goal', async () => {
  const ada = await onTrial();
  await ada.forward('2 days');
  await ada.track(planUpgraded, {});
  await ada.forward('30 days');
  expect(sentTo(ada)).toEqual(['2026-01-06T12:00 first-steps']);
  expect(ada.runs).toMatchObject([{ status: 'completed', reason: 'goal' }]);
});

test('a report made on day 2: no mail on day 3', async () => {
  const ada = await onTrial();
  await ada.forward('2 days');
  await ada.track(reportMade, {});
  await ada.forward('3 days');
  expect(sentTo(ada)).toEqual(['2026-01-06T12:00 first-steps']);
});

test('a teammate came: no mail on day 7', async () => {
  const ada = await onTrial();
  await ada.track(teammateJoined, {});
  await ada.forward('8 days');
  expect(ada.messages.map(({ template }) => template)).toEqual(['first-steps', 'make-a-report']);
});

test('weekend: day 7 falls on Saturday, its mail comes on Monday at 09:00', async () => {
  const ada = await onTrial('2026-01-03T12:00:00Z', { timezone: 'Europe/Berlin' });
  await ada.forward('10 days');
  expect(sentTo(ada).at(-1)).toBe('2026-01-12T08:00 invite-a-teammate');
});

test('weekend: a teammate who comes on Sunday spares that mail', async () => {
  const ada = await onTrial('2026-01-03T12:00:00Z');
  await ada.forward('8 days');
  await ada.track(teammateJoined, {});
  await ada.forward('2 days');
  expect(ada.messages.map(({ template }) => template)).not.toContain('invite-a-teammate');
});
