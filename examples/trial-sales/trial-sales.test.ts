import { travellers } from 'sojourn/testing';
import { planUpgraded, trialStarted } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import trialSales from './journey';

/** Ada, whose trial begins on a Monday, and her colleague Bob. `told` has the times at which sales were told. */
async function onTrial(seats: number) {
  const told: string[] = [];
  const calls = {
    'tell sales': () => {
      told.push(new Date(ada.now).toISOString());
      return null;
    },
  };
  const [ada, bob] = travellers(trialSales, { id: 'ada', calls, with: { lifecycle, policy } }, { id: 'bob' });
  for (const one of [ada, bob]) await one.group('acme', { seats });
  await ada.track(trialStarted, {});
  return { ada, bob, told };
}

test('on day 12 a company with more than 50 seats: sales are told in their chat', async () => {
  const { ada, told } = await onTrial(51);
  await ada.forward('20 days');
  expect(told).toEqual(['2026-01-17T12:00:00.000Z']);
});

test('sales are not told of 50 seats, or of somebody without a company', async () => {
  const { ada, bob, told } = await onTrial(50);
  await ada.forward('20 days');
  await bob.group('none', {});
  await bob.track(trialStarted, {});
  await ada.forward('20 days');
  expect(told).toEqual([]);
});

test('seats are a trait of the group: what a colleague says last counts', async () => {
  for (const [seats, times] of [
    [60, 1],
    [50, 0],
  ] as const) {
    const { ada, bob, told } = await onTrial(seats === 60 ? 5 : 500);
    await ada.forward('11 days');
    await bob.group('acme', { seats });
    await ada.forward('2 days');
    expect(told).toHaveLength(times);
  }
});

test('upgraded on day 11: sales are not told', async () => {
  const { ada, told } = await onTrial(51);
  await ada.forward('11 days');
  await ada.track(planUpgraded, {});
  await ada.forward('20 days');
  expect(told).toEqual([]);
});

test('extended by 7 days on day 10: day 12 stays', async () => {
  const { ada, told } = await onTrial(51);
  await ada.forward('10 days');
  await ada.identify({ trialEndsAt: '2026-01-26T12:00:00Z' });
  await ada.forward('3 days');
  expect(told).toEqual(['2026-01-17T12:00:00.000Z']);
});
