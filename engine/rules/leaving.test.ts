import { compile } from '../outline/compile';
import { accountDeleted, projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { activity } from '../authoring/event';

import { journey, type JourneyOptions } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { MemoryHost } from '../testing/memory-host';
import type { UserEvent } from '../model/state';
import { traveller, type Traveller } from '../testing/traveller';

/** Rule 4: exits apply at once, whatever the run is doing. Goals are recorded, and end the run if the journey says so. */

const trial = (options: Omit<JourneyOptions, 'enter'>): ReturnType<typeof journey> =>
  journey('trial', { enter: signedUp, ...options }, async (j) => {
    await j.send('welcome', { email: 'welcome' });
    await j.sleep('a week', '7 days');
    await j.send('bye', { email: 'bye' });
  });

async function signUp(options: Omit<JourneyOptions, 'enter'>, at = '2026-01-05T12:00:00Z'): Promise<Traveller> {
  const ada = traveller(trial(options), { at });
  await ada.track(signedUp, { plan: 'free' });
  return ada;
}

it('an exit ends the run at once, in the middle of a wait', async () => {
  const ada = await signUp({ exit: [accountDeleted] });
  await ada.forward('1 day');
  await ada.track(accountDeleted, {});
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'Account Deleted', endedAt: ada.now }]);
  await ada.forward('30 days');
  expect(ada.messages.map(({ step }) => step)).toEqual(['welcome']);
});

it('an exit withdraws a held message', async () => {
  const ada = await signUp({ exit: [accountDeleted] }, '2026-01-05T23:00:00Z');
  expect(ada.held).toMatchObject([{ step: 'welcome', reason: 'quiet hours' }]);
  await ada.track(accountDeleted, {});
  await ada.forward('1 day');
  expect(ada.messages).toEqual([]);
  expect(ada.suppressed).toMatchObject([{ step: 'welcome', reason: 'left the journey' }]);
});

it('an exit counts if it happened after the trigger, even if it arrived before', async () => {
  const ada = traveller(trial({ exit: [accountDeleted] }));
  await ada.track(accountDeleted, {}, { ago: '1 hour' });
  await ada.track(signedUp, { plan: 'free' }, { ago: '2 hours' });
  expect(ada.runs).toMatchObject([{ status: 'exited', journal: [] }]);
  expect(ada.messages).toEqual([]);
});

it('an exit that happened before the trigger does not count', async () => {
  const ada = await signUp({ exit: [accountDeleted] });
  await ada.track(accountDeleted, {}, { ago: '1 hour' });
  expect(ada.runs).toMatchObject([{ status: 'active' }]);
});

it('any activity can be an exit, and the reason does not name the event', async () => {
  const ada = await signUp({ exit: [activity] });
  await ada.forward('1 day');
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'activity' }]);
});

it('an exit also ends a parked run', async () => {
  const broken = journey('broken', { enter: signedUp, exit: [accountDeleted] }, () => Promise.reject(new Error('oh')));
  const ada = traveller(broken);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.runs).toMatchObject([{ status: 'failed' }]);
  await ada.track(accountDeleted, {});
  expect(ada.runs).toMatchObject([{ status: 'exited' }]);
});

it('a goal is recorded, and the run goes on', async () => {
  const ada = await signUp({ goal: { event: projectCreated } });
  await ada.forward('1 day');
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.runs).toMatchObject([{ status: 'active', goalAt: ada.now }]);
  expect(ada.decisions).toContainEqual({
    at: ada.now,
    journey: 'trial',
    step: null,
    what: 'goal',
    reason: 'Project Created',
  });
});

it('the first event reaches the goal, and later ones do not', async () => {
  const ada = await signUp({ goal: { event: projectCreated } });
  await ada.forward('1 day');
  await ada.track(projectCreated, { name: 'One' });
  const first = ada.now;
  await ada.forward('1 day');
  await ada.track(projectCreated, { name: 'Two' });
  expect(ada.runs).toMatchObject([{ goalAt: first }]);
});

it('a goal counts only if the event happened within its time', async () => {
  const late = await signUp({ goal: { event: projectCreated, within: '2 days' } });
  await late.forward('3 days');
  await late.track(projectCreated, { name: 'Engine' });
  expect(late.runs).toMatchObject([{ goalAt: null }]);

  const inTime = await signUp({ goal: { event: projectCreated, within: '2 days' } });
  await inTime.forward('3 days');
  await inTime.track(projectCreated, { name: 'Engine' }, { ago: '36 hours' });
  expect(inTime.runs).toMatchObject([{ goalAt: inTime.now - 36 * 3_600_000 }]);
});

it('a goal is recorded if the same event is an exit, by its name or as any activity', async () => {
  for (const exit of [projectCreated, activity]) {
    const ada = await signUp({ exit: [exit], goal: { event: projectCreated, exit: true } });
    await ada.forward('1 day');
    await ada.track(projectCreated, { name: 'Engine' });
    expect(ada.runs).toMatchObject([{ status: 'exited', goalAt: ada.now, endedAt: ada.now }]);
    expect(ada.decisions.slice(-2).map(({ what }) => what)).toEqual(['goal', 'exited']);
  }
});

it('if a goal and an exit come in one request, the goal is recorded if it happened first', async () => {
  const goalAt = async (goal: number, exit: number): Promise<number | null | undefined> => {
    const user = { id: 'ada', traits: {}, reachable: [], createdAt: 0 };
    const journeys = [trial({ exit: [accountDeleted], goal: { event: projectCreated } })];
    const rules = { lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} };
    const ada = new MemoryHost(user, await compile({ journeys, ...rules }));
    await ada.receive(signedUp.name, {}, 0);
    const came = (name: string, at: number): Omit<UserEvent, 'pending'> => ({
      id: name,
      name,
      at,
      receivedAt: 9,
      properties: {},
    });
    await ada.take([came(accountDeleted.name, exit), came(projectCreated.name, goal)], 9);
    return ada.ended[0]?.goalAt;
  };
  expect(await goalAt(1, 2)).toBe(1);
  expect(await goalAt(2, 1)).toBeNull();
});

it('a goal with `exit` ends the run, and withdraws its held message', async () => {
  const ada = await signUp({ goal: { event: projectCreated, exit: true } }, '2026-01-05T23:00:00Z');
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.runs).toMatchObject([{ status: 'completed', reason: 'goal' }]);
  await ada.forward('30 days');
  expect(ada.messages).toEqual([]);
  expect(ada.held).toEqual([]);
});

it('an exit ends only the runs of journeys that name it', async () => {
  const other = journey('other', { enter: signedUp }, async (j) => {
    await j.sleep('a week', '7 days');
    await j.send('from the other', { email: 'other' });
  });
  const ada = traveller([trial({ exit: [accountDeleted] }), other], { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(accountDeleted, {});
  await ada.forward('8 days');
  expect(ada.messages.map(({ step }) => step)).toEqual(['welcome', 'from the other']);
});
