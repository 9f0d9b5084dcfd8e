import { compile } from '../outline/compile';
import { stage } from './triggers';
import fc from 'fast-check';
import {
  accountDeleted,
  projectCreated,
  signedUp,
  teammateInvited,
  unrestrained,
} from '../testing/properties/catalogue';

import { activity } from '../authoring/event';
import { MemoryHost } from '../testing/memory-host';
import { journey, type Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { traveller, type Traveller } from '../testing/traveller';

const stages = lifecycle({
  initial: 'new',
  rules: [
    { from: ['new'], to: 'onboarding', on: signedUp },
    { from: ['new', 'onboarding', 'active'], to: 'active', on: projectCreated },
    { from: ['onboarding', 'active'], to: 'dormant', inactive: '14 days' },
    { from: ['dormant'], to: 'churned', after: '30 days' },
    { from: ['dormant', 'churned'], to: 'won back', on: activity },
    { from: ['won back', 'active'], to: 'active', after: '7 days' },
    { from: ['active', 'dormant'], to: 'deleted', on: accountDeleted },
  ],
});
const path = lifecycle({
  initial: 'new',
  rules: [
    { from: ['new'], to: 'onboarding', on: signedUp },
    { from: ['onboarding'], to: 'active', on: projectCreated },
    { from: ['active'], to: 'deleted', on: accountDeleted },
  ],
});
const greeting = (to: string): Journey => journey(to, { enter: stage(to) }, () => Promise.resolve());
const nothing = journey('nothing', { enter: signedUp }, () => Promise.resolve());
const newcomer = (): Traveller => traveller(nothing, { with: { lifecycle: stages } });

it('every user begins in the initial stage', async () => {
  const ada = newcomer();
  await ada.track(teammateInvited, {});
  expect(ada.stage).toBe('new');
});

it('an event changes the stage by the first rule that matches', async () => {
  const ada = newcomer();
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.stage).toBe('onboarding');
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.stage).toBe('active');
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.stage).toBe('active');
});

it('silence changes the stage, and activity puts that off', async () => {
  const ada = newcomer();
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('10 days');
  await ada.track(teammateInvited, {});
  await ada.forward('13 days');
  expect(ada.stage).toBe('onboarding');
  await ada.forward('1 day');
  expect(ada.stage).toBe('dormant');
});

it('time in the stage changes the stage', async () => {
  const ada = newcomer();
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('44 days');
  expect(ada.stage).toBe('churned');
});

it('any activity brings the user back, unless it happened before they entered the stage', async () => {
  const ada = newcomer();
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('20 days');
  await ada.track(teammateInvited, {}, { ago: '7 days' });
  expect(ada.stage).toBe('dormant');
  await ada.track(teammateInvited, {});
  expect(ada.stage).toBe('won back');
});

it('an event that arrives before an earlier one counts as soon as the earlier one has arrived', async () => {
  const ada = traveller(nothing, { with: { lifecycle: path } });
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.stage).toBe('new');
  await ada.track(signedUp, { plan: 'free' }, { ago: '1 minute' });
  expect(ada.stage).toBe('active');
});

it('an event that happened before the one that changed the stage does not count again', async () => {
  const ada = traveller(nothing, { with: { lifecycle: path } });
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.forward('1 minute');
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.stage).toBe('onboarding');
});

it('events that arrive in any order lead through the same stages, each entered once', async () => {
  const order = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
  await fc.assert(
    fc.asyncProperty(order, fc.boolean(), async (arrivals, pauses) => {
      const ada = traveller([greeting('onboarding'), greeting('active'), greeting('deleted')], {
        with: { lifecycle: path },
      });
      for (const [index, arrival] of arrivals.entries()) {
        const ago = { ago: `${100 + (pauses ? index : 0) - arrival * 10} minutes` } as const;
        if (arrival === 0) await ada.track(signedUp, { plan: 'free' }, ago);
        if (arrival === 1) await ada.track(projectCreated, { name: 'Engine' }, ago);
        if (arrival === 2) await ada.track(accountDeleted, {}, ago);
        if (pauses) await ada.forward('1 minute');
      }
      expect(ada.stage).toBe('deleted');
      expect(ada.runs.map((run) => run.journey)).toEqual(['onboarding', 'active', 'deleted']);
    }),
  );
});

it('a rule that leads to the current stage does nothing', async () => {
  const ada = newcomer();
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.forward('10 days');
  expect(ada.stage).toBe('active');
});

it('each change is a decision with a reason, which never contains an undeclared name that an app sent', async () => {
  const ada = newcomer();
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('20 days');
  await ada.track({ ...teammateInvited, name: 'Hello my name is Ada' }, {});
  const changes = ada.decisions.filter(({ what }) => what.startsWith('stage'));
  expect(changes.map(({ what, reason }) => [what, reason])).toEqual([
    ['stage onboarding', 'Signed Up'],
    ['stage dormant', 'inactive'],
    ['stage won back', 'activity'],
  ]);
});

it('rules about silence that lead in a circle are refused', () => {
  const circle = (): unknown =>
    lifecycle({
      initial: 'a',
      rules: [
        { from: ['a'], to: 'b', inactive: '1 day' },
        { from: ['b'], to: 'c', after: '0 days' },
        { from: ['c'], to: 'a', inactive: '3 days' },
      ],
    });
  expect(circle).toThrow('rules about silence lead in a circle: a → b → c → a');
});

it('an event that only happens to a user is not activity, even if a journey awaits it by name', async () => {
  const waiting = journey('waiting', { enter: signedUp }, (j) => j.waitFor('a mate', teammateInvited).then(() => {}));
  const leaving = journey('leaving', { enter: stage('dormant'), exit: [activity] }, (j) => j.sleep('a week', '7 days'));
  const journeys = [waiting, leaving];
  const definitions = await compile({ journeys, lifecycle: stages, ...unrestrained, traits: {} });
  const after = async (active: boolean): Promise<unknown> => {
    const ada = new MemoryHost({ id: 'ada', traits: {}, reachable: [], createdAt: 0 }, definitions);
    await ada.receive('Signed Up', { plan: 'free' }, 1);
    const later = 15 * 86_400_000;
    await ada.passUntil(later);
    const event = { id: 'x', name: 'Teammate Invited', at: later, receivedAt: later, properties: {}, active };
    await ada.take([event], later);
    const statuses = Object.fromEntries(ada.runs.map((run) => [run.journey, run.status]));
    return { ...statuses, stage: ada.state.memory?.stage, seen: ada.state.lastSeenAt === later };
  };
  expect(await after(false)).toEqual({ waiting: 'completed', leaving: 'active', stage: 'dormant', seen: false });
  expect(await after(true)).toEqual({ waiting: 'completed', leaving: 'exited', stage: 'won back', seen: true });
});
