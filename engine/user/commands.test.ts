import { compile } from '../outline/compile';
import { inactivity, manual, milestone } from './triggers';
import { orderPlaced, projectCreated, signedUp } from '../testing/properties/catalogue';

import { ENTER, LEAVE, MESSAGE } from './commands';
import { journey, type Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { MemoryHost } from '../testing/memory-host';
import { policy } from '../policy/define';
import { CHANNELS } from '../model/channels';
import type { ChannelName } from '../model/state';

const DAY = 86_400_000;
const NIGHT = Date.parse('2026-01-05T23:00:00Z');

async function host(journeys: readonly Journey[], reachable: readonly ChannelName[] = CHANNELS): Promise<MemoryHost> {
  const rules = { lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} };
  return new MemoryHost({ id: 'ada', traits: {}, reachable, createdAt: NIGHT }, await compile({ journeys, ...rules }));
}
const runsOf = ({ ended, state }: MemoryHost): MemoryHost['ended'] => [...ended, ...state.runs];

const dayLong = (options: Parameters<typeof journey>[1]): Journey =>
  journey('trial', options, (j) => j.sleep('a day', '1 day'));

describe('entering by hand', () => {
  it('works for every journey, with the properties that its trigger would have', async () => {
    const ada = await host([dayLong({ enter: manual() })]);
    await ada.receive(`${ENTER}trial`, { plan: 'pro' }, NIGHT);
    expect(runsOf(ada)).toMatchObject([{ since: NIGHT, trigger: { name: 'by hand', properties: { plan: 'pro' } } }]);
    const bob = await host([dayLong({ enter: milestone(projectCreated, [1]) })]);
    await bob.receive(`${ENTER}trial`, { count: 1 }, NIGHT);
    expect(runsOf(bob)).toMatchObject([{ trigger: { name: 'Project Created', properties: { count: 1 } } }]);
  });

  it('ignores `reenter`, but not that the user is inside', async () => {
    const ada = await host([dayLong({ enter: signedUp })]);
    await ada.receive('Signed Up', {}, NIGHT);
    await ada.receive(`${ENTER}trial`, {}, NIGHT + 1);
    expect(runsOf(ada)).toHaveLength(1);
    await ada.passUntil(NIGHT + 2 * DAY);
    await ada.receive(`${ENTER}trial`, {}, NIGHT + 2 * DAY);
    expect(runsOf(ada)).toHaveLength(2);
  });

  it('takes the key from the properties', async () => {
    const key: Parameters<typeof dayLong>[0]['key'] = ({ properties }) => properties['orderId'] as string;
    const ada = await host([dayLong({ enter: orderPlaced, key })]);
    await ada.receive(`${ENTER}trial`, { orderId: 'o-1' }, NIGHT);
    expect(runsOf(ada)).toMatchObject([{ key: 'o-1' }]);
  });

  it('neither uses up a silence nor counts as activity', async () => {
    const ada = await host([dayLong({ enter: inactivity('2 days'), reenter: 'always' })]);
    await ada.receive('Signed Up', {}, NIGHT);
    await ada.passUntil(NIGHT + 4 * DAY);
    await ada.receive(`${ENTER}trial`, {}, NIGHT + 4 * DAY);
    await ada.passUntil(NIGHT + 30 * DAY);
    expect(runsOf(ada).map(({ trigger }) => trigger.name)).toEqual(['inactivity', 'by hand']);
    expect(new Set(runsOf(ada).map(({ id }) => id)).size).toBe(2);
  });

  it('notes an unknown journey', async () => {
    const ada = await host([]);
    await ada.receive(`${ENTER}nowhere`, {}, NIGHT);
    expect(ada.decisions).toMatchObject([{ what: 'not entered', reason: 'unknown journey' }]);
  });
});

describe('leaving by hand', () => {
  it('ends the runs of the journey and withdraws their held messages', async () => {
    const greeting = journey('greeting', { enter: signedUp }, async (j) => {
      await j.send('welcome', { email: 'welcome' });
    });
    const ada = await host([greeting]);
    await ada.receive('Signed Up', {}, NIGHT);
    await ada.receive(`${LEAVE}greeting`, {}, NIGHT + 1);
    expect(runsOf(ada)).toMatchObject([{ status: 'exited', reason: 'taken out by hand' }]);
    expect([...ada.messages.values()]).toMatchObject([{ status: 'suppressed', reason: 'left the journey' }]);
  });

  it('comes before the steps of an edit', async () => {
    const edited = journey('trial', { enter: signedUp }, async (j) => {
      await j.send('bye', { inApp: 'bye' });
    });
    const ada = await host([dayLong({ enter: signedUp })]);
    await ada.receive('Signed Up', {}, NIGHT);
    ada.definitions = (await host([edited])).definitions;
    await ada.receive(`${LEAVE}trial`, {}, NIGHT + 1);
    expect(runsOf(ada)).toMatchObject([{ status: 'exited', reason: 'taken out by hand' }]);
    expect([...ada.messages.values()]).toEqual([]);
    expect(ada.state.memory?.sent).toEqual([]);
  });

  it('with a key ends only the run of that key', async () => {
    const key: Parameters<typeof dayLong>[0]['key'] = ({ properties }) => properties['orderId'] as string;
    const ada = await host([dayLong({ enter: orderPlaced, key })]);
    await ada.receive('Order Placed', { orderId: 'o-1' }, NIGHT);
    await ada.receive('Order Placed', { orderId: 'o-2' }, NIGHT);
    await ada.receive(`${LEAVE}trial`, { key: 'o-1' }, NIGHT + 1);
    expect(ada.state.runs).toMatchObject([{ key: 'o-2', status: 'active' }]);
  });
});

describe('a message sent by the API', () => {
  const receipt = { template: 'receipt', channels: ['webPush', 'email'], data: { total: 7 } };

  it('goes out at once, at night and uncapped, by the first channel that can reach the user', async () => {
    const ada = await host([], ['email']);
    for (let count = 0; count < 9; count++) await ada.receive(MESSAGE, receipt, NIGHT + count);
    expect([...ada.messages.values()]).toHaveLength(9);
    expect([...ada.messages.values()][0]).toMatchObject({
      channel: 'email',
      template: 'receipt',
      status: 'queued',
      transactional: true,
      data: { total: 7 },
      decidedAt: NIGHT,
    });
  });

  it('is suppressed with the reason when no channel can reach the user', async () => {
    const ada = await host([], []);
    await ada.receive(MESSAGE, receipt, NIGHT);
    expect([...ada.messages.values()]).toMatchObject([{ status: 'suppressed', reason: 'no address' }]);
  });

  it('is not sent when the user is advanced after it has expired', async () => {
    const ada = await host([]);
    await ada.receive(MESSAGE, receipt, NIGHT + 10 * DAY, NIGHT);
    expect([...ada.messages.values()]).toMatchObject([{ status: 'suppressed', reason: 'expired' }]);
  });
});
