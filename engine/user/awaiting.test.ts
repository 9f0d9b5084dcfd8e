import { compile } from '../outline/compile';
import { inactivity, milestone, stage } from './triggers';
import {
  accountDeleted,
  orderPlaced,
  orderReady,
  projectCreated,
  signedUp,
  teammateInvited,
} from '../testing/properties/catalogue';
import { StoredUser } from '../testing/properties/stored-user';

import { activity, anyOf } from '../authoring/event';
import { journey, type Journey } from '../authoring/journey';
import { lifecycle, type Lifecycle } from '../authoring/lifecycle';
import { policy } from '../policy/define';

/** What a user awaits decides which events wake their workflow. Any other event costs one row. */

const DAY = 86_400_000;
const BEGIN = Date.parse('2026-01-05T12:00:00Z');
const NO_STAGES = lifecycle({ initial: 'new', rules: [] });

/** A user as on the server: only awaited events wake them. */
class Person {
  private count = 0;
  private constructor(private readonly user: StoredUser) {}

  static async in(journeys: readonly Journey[], stages: Lifecycle = NO_STAGES): Promise<Person> {
    const definitions = await compile({ journeys, lifecycle: stages, policy: policy(), traits: {} });
    const user = { id: 'ada', traits: {}, reachable: [], createdAt: BEGIN };
    return new Person(new StoredUser(user, definitions, { pending: 'awaited', history: 'limited' }));
  }

  /** Returns whether the event woke the user. */
  async does(name: string, days: number, properties: Record<string, string> = {}): Promise<boolean> {
    const at = BEGIN + days * DAY;
    await this.user.passUntil(at - 1);
    const { advances } = this.user;
    await this.user.receive({ id: String(++this.count), name, at, receivedAt: at, properties });
    return this.user.advances > advances;
  }

  async waits(days: number): Promise<void> {
    await this.user.passUntil(BEGIN + days * DAY);
  }

  get awaiting(): readonly string[] {
    return this.user.awaiting;
  }

  get entries(): number {
    return this.user.runs.length;
  }
}

it('a run awaits the events of its wait, its exits, and its goal until it is reached', async () => {
  const trial = journey(
    'trial',
    { enter: signedUp, exit: [accountDeleted], goal: { event: orderPlaced } },
    async (j) => {
      await j.waitFor('either', anyOf(projectCreated, teammateInvited));
      await j.sleep('a day', '1 day');
    },
  );
  const ada = await Person.in([trial]);
  await ada.does('Signed Up', 0);
  expect(ada.awaiting).toEqual(['Account Deleted', 'Order Placed', 'Project Created', 'Teammate Invited']);
  await ada.does('Order Placed', 1);
  expect(ada.awaiting).toEqual(['Account Deleted', 'Project Created', 'Teammate Invited']);
  await ada.does('Project Created', 2);
  expect(ada.awaiting).toEqual(['Account Deleted']);
  await ada.waits(4);
  expect(ada.awaiting).toEqual([]);
});

it('an event that is not awaited does not wake the user, and a later wait still finds it', async () => {
  const patient = journey('patient', { enter: signedUp }, async (j) => {
    await j.sleep('a week', '7 days');
    await j.waitFor('a project', projectCreated);
    await j.waitFor('an order', orderPlaced);
  });
  const ada = await Person.in([patient]);
  await ada.does('Signed Up', 0);
  expect(await ada.does('Project Created', 1)).toBe(false);
  await ada.waits(8);
  expect(ada.awaiting).toEqual(['Order Placed']);
});

it('the event of a trigger is awaited as long as the user may enter by it', async () => {
  const once = journey('once', { enter: signedUp }, (j) => j.sleep('a day', '1 day'));
  const again = journey('again', { enter: projectCreated, reenter: 'always' }, (j) => j.sleep('a day', '1 day'));
  const later = journey('later', { enter: teammateInvited, reenter: { after: '3 days' } }, (j) =>
    j.sleep('a day', '1 day'),
  );
  const perOrder = journey('per-order', { enter: orderPlaced, key: () => 'o-1' }, (j) => j.sleep('a day', '1 day'));
  const ada = await Person.in([once, again, later, perOrder]);
  for (const name of ['Signed Up', 'Project Created', 'Teammate Invited', 'Order Placed']) await ada.does(name, 0.1);
  expect(ada.awaiting).toEqual(['Order Placed', 'Teammate Invited']);
  await ada.waits(2);
  expect(ada.awaiting).toEqual(['Order Placed', 'Project Created', 'Teammate Invited']);
});

it('the event of a milestone is awaited until the last count is reached', async () => {
  const first = journey('first', { enter: milestone(projectCreated, [1, 2]) }, () => Promise.resolve());
  const ada = await Person.in([first]);
  await ada.does('Project Created', 0);
  expect(ada.awaiting).toEqual(['Project Created']);
  await ada.does('Project Created', 1);
  expect(ada.awaiting).toEqual([]);
});

it('the events that change the current stage are awaited', async () => {
  const stages = lifecycle({
    initial: 'new',
    rules: [
      { from: ['new'], to: 'active', on: signedUp },
      { from: ['active'], to: 'dormant', inactive: '7 days' },
      { from: ['dormant'], to: 'active', on: activity },
    ],
  });
  const ada = await Person.in([], stages);
  await ada.does('Signed Up', 0);
  expect(ada.awaiting).toEqual([]);
  await ada.waits(8);
  expect(ada.awaiting).toEqual(['*']);
  expect(await ada.does('Anything', 9)).toBe(true);
  expect(ada.awaiting).toEqual([]);
});

it('stages let users enter without an event of their own', async () => {
  const stages = lifecycle({ initial: 'new', rules: [{ from: ['new'], to: 'idle', inactive: '7 days' }] });
  const ada = await Person.in([journey('idle', { enter: stage('idle') }, () => Promise.resolve())], stages);
  await ada.does('Anything', 0);
  await ada.waits(8);
  expect(ada.entries).toBe(1);
});

it('activity is awaited only after a silence has let the user enter, because activity ends that silence', async () => {
  const nudge = journey('nudge', { enter: inactivity('2 days'), reenter: 'always' }, () => Promise.resolve());
  const ada = await Person.in([nudge]);
  await ada.does('Anything', 0);
  expect(await ada.does('Anything', 1)).toBe(false);
  await ada.waits(5);
  expect(ada.entries).toBe(1);
  expect(ada.awaiting).toEqual(['*']);
  expect(await ada.does('Anything', 10)).toBe(true);
  expect(await ada.does('Anything', 11)).toBe(false);
  await ada.waits(20);
  expect(ada.entries).toBe(2);
});

it("a journey that can't be entered again awaits only what its run waits for", async () => {
  const stale = journey('stale', { enter: signedUp }, async (j) => {
    await j.waitFor('ready', orderReady);
  });
  const ada = await Person.in([stale]);
  await ada.does('Signed Up', 0);
  expect(ada.awaiting).toEqual(['Order Ready']);
});
