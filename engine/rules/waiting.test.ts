import { compile } from '../outline/compile';
import {
  accountDeleted,
  orderPlaced,
  orderReady,
  projectCreated,
  signedUp,
  teammateInvited,
} from '../testing/properties/catalogue';

import { toMs } from '../model/duration';
import { activity, anyOf } from '../authoring/event';
import { journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { MemoryHost } from '../testing/memory-host';
import { policy } from '../policy/define';
import { traveller } from '../testing/traveller';

/**
 * Rule 3: the earliest matching event since the user entered the journey satisfies a wait, unless an earlier wait of this run has
 * used it. With `{ since: 'now' }`, only events from the step on count.
 */

const NO_STAGES = lifecycle({ initial: 'new', rules: [] });

const twoProjects = journey('two-projects', { enter: signedUp }, async (j) => {
  await j.waitFor('first', projectCreated, { within: '2 days' });
  await j.sleep('a day', '1 day');
  await j.waitFor('second', projectCreated, { within: '2 days' });
});

it('an event ends the wait at once, and the journey gets it', async () => {
  let name: string | undefined;
  const greet = journey('greet', { enter: signedUp }, async (j) => {
    const project = await j.waitFor('first project', projectCreated, { within: '2 days' });
    name = project?.properties.name;
    await j.sleep('a day', '1 day');
  });
  const ada = traveller(greet);
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('1 hour');
  await ada.track(projectCreated, { name: 'Engine' });
  expect(name).toBe('Engine');
  expect(ada.journal[0]).toMatchObject({
    reason: 'Project Created',
    at: ada.now,
    outcome: { name: 'Project Created' },
  });
});

it('without the event the wait returns null when the time is up', async () => {
  const ada = traveller(twoProjects);
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('47 hours');
  expect(ada.why('first')).toMatch("'first' waits for Project Created, 1 h to go");
  await ada.forward('1 hour');
  expect(ada.journal[0]).toMatchObject({ outcome: null, reason: 'timeout', at: ada.now });
});

it('a wait finds an event that came before it began', async () => {
  const ada = traveller(twoProjects);
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(projectCreated, { name: 'One' });
  await ada.forward('1 hour');
  await ada.track(projectCreated, { name: 'Two' });
  await ada.forward('1 day');
  expect(ada.journal).toMatchObject([
    { outcome: { properties: { name: 'One' } } },
    { step: 'a day' },
    { outcome: { properties: { name: 'Two' } } },
  ]);
});

it('an event that arrives before the trigger counts if it happened after it', async () => {
  const ada = traveller(twoProjects);
  await ada.track(projectCreated, { name: 'Long before' }, { ago: '3 hours' });
  await ada.track(projectCreated, { name: 'After signing up' }, { ago: '1 hour' });
  await ada.track(signedUp, { plan: 'free' }, { ago: '2 hours' });
  expect(ada.journal[0]).toMatchObject({ outcome: { properties: { name: 'After signing up' } } });
});

it('of several events, the wait takes the one that happened first, whatever the order of arrival', async () => {
  const late = journey('late', { enter: signedUp }, async (j) => {
    await j.sleep('a day', '1 day');
    await j.waitFor('earliest', projectCreated);
  });
  const ada = traveller(late);
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('5 hours');
  await ada.track(projectCreated, { name: 'Second' });
  await ada.track(projectCreated, { name: 'First' }, { ago: '3 hours' });
  await ada.forward('1 day');
  expect(ada.journal[1]).toMatchObject({ outcome: { properties: { name: 'First' } } });
});

it('an event that one wait has used is not used by the next', async () => {
  const ada = traveller(twoProjects);
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(projectCreated, { name: 'The only one' });
  await ada.forward('10 days');
  expect(ada.journal).toMatchObject([{ reason: 'Project Created' }, {}, { reason: 'timeout' }]);
});

it('each run can use the same event', async () => {
  const other = journey('other', { enter: signedUp }, async (j) => {
    await j.waitFor('a project', projectCreated, { within: '2 days' });
  });
  const ada = traveller([twoProjects, other]);
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(projectCreated, { name: 'Engine' });
  const [ended, open] = ada.runs;
  expect(ended).toMatchObject({ journey: 'other', journal: [{ reason: 'Project Created' }] });
  expect(open).toMatchObject({ journey: 'two-projects', journal: [{ reason: 'Project Created' }, {}] });
});

it("with since: 'now' only events from the step on count", async () => {
  const fresh = journey('fresh', { enter: signedUp }, async (j) => {
    await j.sleep('a day', '1 day');
    await j.waitFor('another project', projectCreated, { since: 'now' });
  });
  const ada = traveller(fresh);
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(projectCreated, { name: 'Before' });
  await ada.forward('25 hours');
  await ada.track(projectCreated, { name: 'Before, but late' }, { ago: '2 hours' });
  expect(ada.why('another project')).toMatch('waits for Project Created');
  await ada.track(projectCreated, { name: 'After' });
  expect(ada.journal[1]).toMatchObject({ outcome: { properties: { name: 'After' } } });
});

it('any activity counts only if it arrives during the wait', async () => {
  const back = journey('back', { enter: signedUp }, async (j) => {
    await j.sleep('a day', '1 day');
    await j.waitFor('any sign of life', activity, { within: '1 day' });
  });
  const ada = traveller(back);
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.forward('1 day');
  expect(ada.why('any sign of life')).toMatch('waits for');
  await ada.track(teammateInvited, {});
  expect(ada.journal[1]).toMatchObject({ outcome: { name: 'Teammate Invited' } });
});

it('the event that ends a wait for any activity is named in the outcome, not in the reason', async () => {
  const back = journey('back', { enter: signedUp }, async (j) => {
    await j.waitFor('any sign of life', activity);
  });
  const ada = traveller(back);
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(teammateInvited, {});
  expect(ada.journal).toMatchObject([{ reason: 'activity', outcome: { name: 'Teammate Invited' } }]);
  expect(JSON.stringify(ada.decisions)).not.toContain('Teammate');
});

it('anyOf takes the event that comes first', async () => {
  const either = journey('either', { enter: signedUp }, async (j) => {
    const first = await j.waitFor('either', anyOf(projectCreated, teammateInvited), { within: '2 days' });
    await j.pick('which', () => (first?.name === 'Project Created' ? first.properties.name : 'a teammate'));
  });
  const ada = traveller(either);
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(teammateInvited, {});
  expect(ada.journal[1]).toMatchObject({ outcome: 'a teammate' });
});

it('an event that comes exactly at the deadline still counts', async () => {
  const begin = Date.parse('2026-01-05T12:00:00Z');
  const definitions = await compile({ journeys: [twoProjects], lifecycle: NO_STAGES, policy: policy(), traits: {} });
  const ada = new MemoryHost({ id: 'ada', traits: {}, reachable: [], createdAt: begin }, definitions);
  await ada.receive('Signed Up', { plan: 'free' }, begin);
  await ada.receive('Project Created', { name: 'Just in time' }, begin + toMs('2 days'));
  expect(ada.state.runs[0]?.journal[0]).toMatchObject({ reason: 'Project Created' });
});

const perOrder = journey(
  'per-order',
  { enter: orderPlaced, key: ({ properties }) => properties['orderId'], exit: [accountDeleted] },
  async (j) => {
    await j.waitFor('ready', orderReady, { within: '1 day' });
  },
);

it('with a key there is one run per key, and each waits for the events of its key', async () => {
  const ada = traveller(perOrder);
  await ada.track(orderPlaced, { orderId: 'o-1' });
  await ada.track(orderPlaced, { orderId: 'o-2' });
  await ada.track(orderPlaced, { orderId: 'o-2' });
  expect(ada.runs.map(({ key }) => key)).toEqual(['o-1', 'o-2']);
  await ada.track(orderReady, { orderId: 'o-2' });
  expect(ada.runs).toMatchObject([
    { key: 'o-2', status: 'completed' },
    { key: 'o-1', status: 'active' },
  ]);
});

it('an event without a key concerns every run', async () => {
  const ada = traveller(perOrder);
  await ada.track(orderPlaced, { orderId: 'o-1' });
  await ada.track(orderPlaced, { orderId: 'o-2' });
  await ada.track(accountDeleted, {});
  expect(ada.runs.map(({ status }) => status)).toEqual(['exited', 'exited']);
});

it('a wait for a time of day is computed again as soon as the user has another zone', async () => {
  const mornings = journey('mornings', { enter: signedUp }, (j) => j.sleepUntil('in the morning', { at: '09:00' }));
  const moves = journey('moves', { enter: projectCreated }, (j) => j.set('to Tokyo', { timezone: 'Asia/Tokyo' }));
  const ada = traveller([mornings, moves], { at: '2026-01-05T20:00:00Z', timezone: 'Europe/Berlin' });
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.why('in the morning')).toMatch('12 h to go');
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.why('in the morning')).toMatch('4 h to go');
});
