import { inactivity, milestone } from '../user/triggers';
import { signedUp, unrestrained } from '../testing/properties/catalogue';
import type { EventDefinition } from '../authoring/event';
import { journey } from '../authoring/journey';
import { traveller } from '../testing/traveller';

/** Names of properties that every object inherits. */
const NAMES = ['constructor', 'toString', 'hasOwnProperty', '__proto__'] as const;

const named = (name: string): EventDefinition => ({ kind: 'event', name, schema: null, example: {} });

it('a journey may have the name of an inherited property', async () => {
  const entered = journey('constructor', { enter: signedUp }, (j) => j.award('entered', { points: 1 }));
  const ada = traveller(entered);
  for (let time = 0; time < 2; time++) await ada.track(signedUp, { plan: 'free' });
  expect(ada.runs).toMatchObject([{ journey: 'constructor', status: 'completed' }]);

  const again = journey('constructor', { enter: inactivity('2 days'), reenter: { after: '1 day' } }, (j) =>
    j.award('entered', { points: 1 }),
  );
  const bob = traveller(again);
  await bob.track(signedUp, { plan: 'free' });
  await bob.forward('10 days');
  expect(bob.runs).toHaveLength(1);
});

it.each(NAMES)('an event %s is counted for its milestones', async (name) => {
  const counting = journey('counting', { enter: milestone(named(name), [1, 3]), reenter: 'always' }, (j) =>
    j.award('counted', { points: j.event.properties.count }),
  );
  const ada = traveller(counting);
  for (let time = 0; time < 3; time++) await ada.track(named(name), {});
  expect(ada.profile.points).toBe(4);
});

it.each(NAMES)('a step, a variant and a flag may be called %s', async (name) => {
  const walk = journey('walk', { enter: signedUp }, async (j) => {
    await j.flag('flag', name);
    if (await j.check(name, ({ user }) => user.flags[name] === true)) await j.experiment('tone', { [name]: 1 });
  });
  const ada = traveller(walk, { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.journal.map(({ step, outcome }) => [step, outcome])).toEqual([
    ['flag', { [name]: true }],
    [name, true],
    ['tone', name],
  ]);
  expect(Object.entries(ada.profile.flags)).toEqual([[name, true]]);
});

it('an inherited property is not recorded as a fact of the user', async () => {
  const reading = journey('reading', { enter: signedUp }, async (j) => {
    await j.check('has a plan', ({ user }) => user.traits.hasOwnProperty('plan'));
  });
  const ada = traveller(reading, { traits: { plan: 'free' } });
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.journal).toMatchObject([{ outcome: true, facts: {} }]);
  expect(Object.keys(ada.journal[0]?.facts ?? {})).toEqual([]);
});
