import { traveller, type TravellerOptions } from 'sojourn/testing';
import { flightLanded, gateChanged, passengerRebooked } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import gateChange from './journey';

const FLIGHT = { flight: 'LH454/2026-01-05', departsAt: '2026-01-05T15:00:00Z' };
const OTHER = { flight: 'LH456/2026-01-05', departsAt: '2026-01-05T17:00:00Z' };
const passenger = (options: TravellerOptions = {}) =>
  traveller(gateChange, { with: { lifecycle, policy }, ...options });
const gatesOf = ({ messages, runs }: ReturnType<typeof passenger>) =>
  messages.map(({ runId }) => runs.find(({ id }) => id === runId)?.trigger.properties['gate']);

test('all passengers are told at once, by push, else by the other channel', async () => {
  for (const [id, channel] of [
    ['ada', 'webPush'],
    ['bob', 'sms'],
  ] as const) {
    const one = passenger({ id, channels: [channel] });
    await one.track(gateChanged, { ...FLIGHT, gate: 'B42' });
    expect(one.messages).toMatchObject([{ channel, decidedAt: one.now }]);
  }
});

test('at any hour, and to those who opted out of marketing', async () => {
  const ada = passenger({ at: '2026-01-05T03:00:00Z', consent: { webPush: false } });
  await ada.track(gateChanged, { ...FLIGHT, gate: 'B42' });
  expect(ada.messages).toMatchObject([{ channel: 'webPush', decidedAt: ada.now }]);
});

test('several changes come in their order', async () => {
  const ada = passenger();
  for (const gate of ['B42', 'B44', 'A1']) {
    await ada.track(gateChanged, { ...FLIGHT, gate });
    await ada.forward('10 minutes');
  }
  expect(gatesOf(ada)).toEqual(['B42', 'B44', 'A1']);
});

test('two changes in a minute: the later one wins, and the earlier is withdrawn if it is not out', async () => {
  // A passenger without an address is given half a minute for one to arrive. Meanwhile the message is held.
  const ada = passenger({ channels: [] });
  await ada.track(gateChanged, { ...FLIGHT, gate: 'B42' });
  expect(ada.held).toHaveLength(1);
  await ada.forward('20 seconds');
  await ada.track(gateChanged, { ...FLIGHT, gate: 'B44' });
  expect(ada.suppressed).toMatchObject([{ reason: 'left the journey' }]);
  expect(ada.held).toHaveLength(1);
  expect(ada.runs).toMatchObject([
    { status: 'exited', reason: 'entered anew' },
    { status: 'active', trigger: { properties: { gate: 'B44' } } },
  ]);
});

test('two changes in a minute: the later one wins, also if the earlier arrives last', async () => {
  const ada = passenger();
  await ada.forward('1 hour');
  await ada.track(gateChanged, { ...FLIGHT, gate: 'B44' });
  await ada.track(gateChanged, { ...FLIGHT, gate: 'B42' }, { ago: '30 seconds' });
  expect(gatesOf(ada)).toEqual(['B44']);
});

test('landed: stops', async () => {
  const ada = passenger({ channels: [] });
  await ada.track(gateChanged, { ...FLIGHT, gate: 'B42' });
  await ada.track(flightLanded, FLIGHT);
  expect(ada.suppressed).toMatchObject([{ reason: 'left the journey' }]);
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'Flight Landed' }]);
});

test('landed: a change that is told afterwards reaches nobody', async () => {
  const ada = passenger();
  await ada.track(flightLanded, FLIGHT);
  await ada.forward('1 minute');
  await ada.track(gateChanged, { ...FLIGHT, gate: 'B42' });
  expect(ada.messages).toEqual([]);
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'landed already' }]);
});

test('passenger rebooked: nothing more of the former flight, and the changes of the new one', async () => {
  const ada = passenger({ channels: [] });
  await ada.track(gateChanged, { ...FLIGHT, gate: 'B42' });
  await ada.track(passengerRebooked, FLIGHT);
  expect(ada.suppressed).toMatchObject([{ reason: 'left the journey' }]);

  const bob = passenger();
  await bob.track(gateChanged, { ...FLIGHT, gate: 'B42' });
  await bob.track(passengerRebooked, FLIGHT);
  await bob.track(gateChanged, { ...OTHER, gate: 'C3' });
  expect(gatesOf(bob)).toEqual(['B42', 'C3']);
});
