import fc from 'fast-check';
import { journey, type Journey, type JourneyOptions } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import type { Definitions } from '../definitions/definitions';
import { compile } from '../outline/compile';
import type { UserEvent } from '../model/state';
import { MemoryHost } from '../testing/memory-host';
import { projectCreated, signedUp, teammateInvited, unrestrained } from '../testing/properties/catalogue';
import { traveller } from '../testing/traveller';
import { inactivity, milestone, stage } from '../user/triggers';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-01-05T12:00:00Z');
const ADA = { id: 'ada', traits: {}, reachable: ['email'], createdAt: NOW } as const;

type Received = Omit<UserEvent, 'pending'>;
const received = ({ name }: { readonly name: string }, age: number, receivedAt = NOW, id = '1'): Received => ({
  id,
  name,
  at: receivedAt - age,
  receivedAt,
  properties: {},
});

const hourLong = (options: JourneyOptions): Journey =>
  journey('trial', options, async (j) => {
    await j.sleep('an hour', '1 hour');
  });
const stages = lifecycle({
  initial: 'new',
  rules: [
    { from: ['new', 'dormant'], to: 'active', on: signedUp },
    { from: ['active'], to: 'dormant', inactive: '14 days' },
  ],
});
const define = (...journeys: Journey[]): Promise<Definitions> =>
  compile({ journeys, lifecycle: stages, ...unrestrained, traits: {} });

async function live(options: JourneyOptions, ...events: readonly Received[]): Promise<MemoryHost> {
  const createdAt = Math.min(...events.map(({ at }) => at));
  const host = new MemoryHost({ ...ADA, createdAt }, await define(hourLong(options)));
  await host.take(events, events[0]?.receivedAt ?? NOW);
  return host;
}

it.each<[string, JourneyOptions, number, number]>([
  ['72 hours after it happened', { enter: signedUp }, 72 * HOUR, 1],
  ['later than that', { enter: signedUp }, 72 * HOUR + 1, 0],
  ['within the journey’s own freshness', { enter: signedUp, freshness: '100 weeks' }, 650 * DAY, 1],
  ['later than the journey’s own freshness', { enter: signedUp, freshness: '1 hour' }, HOUR + 1, 0],
  ['later, and it reaches a milestone', { enter: milestone(signedUp, [1]) }, 4 * DAY, 0],
  ['later, and it changes the stage', { enter: stage('active') }, 4 * DAY, 0],
  ['within that time, and it changes the stage', { enter: stage('active') }, 3 * DAY, 1],
])('an event that is received %s lets in as many as it should', async (_, options, age, entries) => {
  expect((await live(options, received(signedUp, age))).runs).toHaveLength(entries);
});

it('a refused entry is noted with its reason, counted for the timeline, and not counted by `reenter`', async () => {
  const host = await live({ enter: signedUp }, received(signedUp, 730 * DAY), received(signedUp, 4 * DAY, NOW, '2'));
  const reason = 'too old: 4 d, at most 3 d';
  expect(host.decisions).toContainEqual({ at: NOW, journey: 'trial', step: null, what: 'not entered', reason });
  expect(host.state.memory?.refused).toEqual({
    trial: { 'too old': { count: 2, firstAt: NOW, lastAt: NOW, reason } },
  });
  await host.take([received(signedUp, 0, NOW + 1, '3')], NOW + 1);
  expect(host.runs).toMatchObject([{ trigger: { id: '3' } }]);
});

it('an event that lets nobody in is history: stages, milestones and waits see it', async () => {
  const third = journey('third', { enter: milestone(projectCreated, [3]) }, async (j) => {
    await j.waitFor('team', teammateInvited, { within: '1 day' });
  });
  const host = new MemoryHost(ADA, await define(third));
  const old = [signedUp, projectCreated, projectCreated].map((one, index) => received(one, 400 * DAY, NOW, `${index}`));
  await host.take(old, NOW);
  expect([host.state.memory?.stage, host.state.memory?.counts]).toMatchObject(['active', { 'Project Created': 2 }]);
  await host.take([received(teammateInvited, 0, NOW + 2, '8'), received(projectCreated, 1, NOW + 2, '9')], NOW + 2);
  expect(host.runs).toMatchObject([{ status: 'completed', journal: [{ reason: 'Teammate Invited' }] }]);
});

it('a late worker makes no event too old', async () => {
  const host = new MemoryHost(ADA, await define(hourLong({ enter: signedUp })));
  await host.take([received(signedUp, HOUR)], NOW + 30 * DAY);
  expect(host.runs).toMatchObject([{ enteredAt: NOW }]);
});

describe('silence', () => {
  const quiet = { enter: inactivity('14 days'), reenter: 'always' } as const;

  it.each<[string, JourneyOptions]>([
    ['by a silence', quiet],
    ['by the stage that silence leads to', { enter: stage('dormant') }],
  ])('that ended long before a user was first heard of lets nobody in: %s', async (_, options) => {
    const host = await live(options, received(signedUp, 730 * DAY));
    await host.passUntil(NOW + 365 * DAY);
    expect(host.runs).toEqual([]);
    expect(host.stageChanges.map(({ to }) => to)).toEqual(['active', 'dormant']);
  });

  it('begins anew with the next activity', async () => {
    const host = await live(quiet, received(signedUp, 730 * DAY));
    await host.take([received(teammateInvited, 0, NOW + DAY, '2')], NOW + DAY);
    await host.passUntil(NOW + 15 * DAY);
    expect(host.runs).toMatchObject([{ enteredAt: NOW + 15 * DAY }]);
  });

  it('is awaited by activity while it lets nobody in', async () => {
    const host = await live(quiet, received(signedUp, 730 * DAY));
    expect((await host.decide(NOW)).awaiting).toContain('*');
  });

  it.each([
    ['after they were first heard of', 4 * DAY, NOW + 10 * DAY],
    ['a little before they were first heard of', 16 * DAY, NOW],
  ])('that ends %s lets the user in', async (_, age, enteredAt) => {
    const host = await live(quiet, received(signedUp, age));
    await host.passUntil(NOW + 13 * DAY);
    expect(host.runs).toMatchObject([{ enteredAt }]);
  });
});

it('an edit of it concerns later entries, and nobody inside', async () => {
  const ada = traveller(hourLong({ enter: signedUp }));
  await ada.track(signedUp, { plan: 'free' }, { ago: '2 days' });
  await ada.deploy(hourLong({ enter: signedUp, freshness: '1 hour' }));
  expect(ada.runs).toMatchObject([{ status: 'active' }]);
});

it('the default leaves the fingerprint of a journey as it was', () => {
  expect(hourLong({ enter: signedUp })).not.toHaveProperty('freshness');
});

it('nobody ever enters by an event that was older than the freshness when it was received', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ age: fc.integer({ min: 0, max: 200 }), gap: fc.integer({ min: 0, max: 50 }) }), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.constantFrom('always' as const, 'never' as const, { after: '1 day' as const }),
      fc.boolean(),
      async (list, reenter, isLate) => {
        const host = new MemoryHost(ADA, await define(hourLong({ enter: signedUp, reenter })));
        let now = NOW;
        const events = list.map(({ age, gap }, index) =>
          received(signedUp, age * HOUR, (now += gap * HOUR + 1), `${index}`),
        );
        if (isLate) await host.take(events, now);
        else
          for (const one of events) await host.passUntil(one.receivedAt).then(() => host.take([one], one.receivedAt));
        await host.passUntil(now + DAY);
        const ages = new Map(events.map(({ id, at, receivedAt }) => [id, receivedAt - at]));
        for (const { trigger } of host.runs) expect(ages.get(trigger.id)).toBeLessThanOrEqual(72 * HOUR);
        if (events.some((one) => one.receivedAt - one.at <= 72 * HOUR)) expect(host.runs).not.toEqual([]);
      },
    ),
    { numRuns: 200 },
  ));
