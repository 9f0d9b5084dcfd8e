import { MESSAGE } from '../user/commands';
import { compile } from '../outline/compile';
import { journey, type Steps } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { MAX_BADGES, MAX_FLAGS, MAX_TRAITS_BYTES } from '../model/limits';
import { policy } from '../policy/define';
import { accountDeleted, signedUp, unrestrained } from '../testing/properties/catalogue';
import { MemoryHost } from '../testing/memory-host';
import { traveller, type Traveller } from '../testing/traveller';

/** How much is kept about one user, and sent to one user, has a limit. What exceeds it says so. */

const BEGIN = Date.parse('2026-01-05T12:00:00Z');

async function signUp(run: (j: Steps) => Promise<void>): Promise<Traveller> {
  const ada = traveller([journey('trial', { enter: signedUp }, (j) => run(j as Steps))], { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  return ada;
}

it('a user keeps a thousand badges, and a further one says that it is not kept', async () => {
  const ada = await signUp(async (j) => {
    for (let n = 1; n <= MAX_BADGES + 1; n++) await j.award(`badge ${n}`, { points: 1, badge: `badge ${n}` });
  });
  expect(ada.profile.badges).toHaveLength(MAX_BADGES);
  expect(ada.profile.points).toBe(MAX_BADGES + 1);
  expect(ada.journal.at(-1)).toMatchObject({ reason: '1 points, no badge: 1000 are kept' });
});

it('a user keeps a thousand flags, and those can still be set', async () => {
  const ada = await signUp(async (j) => {
    for (let n = 1; n <= MAX_FLAGS + 1; n++) await j.flag(`flag ${n}`, `flag ${n}`);
    await j.flag('again', 'flag 1', false);
  });
  expect(Object.keys(ada.profile.flags)).toHaveLength(MAX_FLAGS);
  expect(ada.profile.flags['flag 1']).toBe(false);
  expect(ada.journal.at(-2)).toMatchObject({ reason: 'not set: 1000 flags are kept' });
});

it('traits that would become too large are not set', async () => {
  const ada = await signUp(async (j) => {
    await j.set('a note', { note: 'short' });
    await j.set('a long note', { note: 'x'.repeat(MAX_TRAITS_BYTES) });
  });
  expect(ada.profile.traits).toMatchObject({ note: 'short' });
  expect(ada.journal.at(-1)).toMatchObject({ reason: 'not set: traits are kept up to 128 KB' });
});

it('transactional messages have a cap of their own, which the admin key is exempt from', async () => {
  const receipts = journey('receipts', { enter: signedUp, reenter: 'always', transactional: true }, async (j) => {
    await j.send('receipt', { email: 'receipt' });
  });
  const rules = {
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy({ caps: { transactional: { day: 3, week: 5 } } }),
    traits: {},
  };
  const user = { id: 'ada', traits: {}, reachable: ['email'] as const, createdAt: BEGIN };
  const ada = new MemoryHost(user, await compile({ journeys: [receipts], ...rules }));
  const reasons = (): string[] => [...ada.messages.values()].map(({ reason }) => reason);
  for (let n = 0; n < 4; n++) await ada.receive(signedUp.name, { plan: 'free' }, BEGIN + n);
  const sent = 'transactional';
  expect(reasons()).toEqual([sent, sent, sent, 'capped: transactional 3 a day']);
  await ada.receive(MESSAGE, { template: 'password', channels: ['email'], data: {} }, BEGIN + 10);
  expect(reasons().at(-1)).toBe(sent);
  for (let n = 0; n < 3; n++) await ada.receive(signedUp.name, { plan: 'free' }, BEGIN + 2 * 86_400_000 + n);
  expect(reasons().slice(-3)).toEqual([sent, sent, 'capped: transactional 5 a week']);
});

it('thousands of late events that each change the stage are decided, with a bound on the changes', async () => {
  const rules = {
    lifecycle: lifecycle({
      initial: 'out',
      rules: [
        { from: ['out'], to: 'in', on: signedUp },
        { from: ['in'], to: 'out', on: accountDeleted },
      ],
    }),
    ...unrestrained,
    traits: {},
  };
  const user = { id: 'ada', traits: {}, reachable: ['email'] as const, createdAt: BEGIN };
  const ada = new MemoryHost(user, await compile({ journeys: [], ...rules }));
  const count = 600;
  const events = Array.from({ length: count }, (_, n) => ({
    id: String(n + 1),
    name: n % 2 === 0 ? signedUp.name : accountDeleted.name,
    // The last one received happened first.
    at: BEGIN - n - 1,
    receivedAt: BEGIN + n,
    properties: {},
  }));
  await ada.take(events, BEGIN + count);
  // One change for each event at most, beside those of events that are considered again.
  expect(ada.stageChanges.length).toBeLessThanOrEqual(count + 1_000);
});
