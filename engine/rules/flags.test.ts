import { compile } from '../outline/compile';
import { flagExposed } from '../authoring/flag-events';
import { journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { flags } from '../flags/define';
import { policy } from '../policy/define';
import { orderPlaced, projectCreated, signedUp } from '../testing/properties/catalogue';
import { traveller } from '../testing/traveller';

/** Flags: rules by stage and traits, what journeys set, and exposures. */

const stages = lifecycle({ initial: 'new', rules: [{ from: ['new'], to: 'active', on: projectCreated }] });
const defined = flags({
  checkout: { default: 'old', rules: [{ when: { stage: 'active', traits: { plan: 'pro' } }, value: 'new' }] },
});
const beta = journey('beta', { enter: signedUp }, async (j) => {
  await j.flag('in', 'checkout', 'beta');
  await j.waitFor('enough', orderPlaced);
  await j.flag('out', 'checkout', null);
});

it('a flag follows the stage and the traits of a person', async () => {
  const ada = traveller(
    journey('any', { enter: signedUp }, async () => undefined),
    {
      traits: { plan: 'pro' },
      with: { lifecycle: stages, flags: defined },
    },
  );
  const seen = [ada.flag('checkout')];
  await ada.track(projectCreated, { name: 'Ark' });
  seen.push(ada.flag('checkout'));
  await ada.identify({ plan: 'free' });
  seen.push(ada.flag('checkout'));
  expect(seen).toEqual(['old', 'new', 'old']);
  expect(ada.flag('unknown')).toBeUndefined();
});

it('what a journey sets wins over the rules, until the journey takes it back', async () => {
  const ada = traveller(beta, { traits: { plan: 'pro' }, with: { lifecycle: stages, flags: defined } });
  await ada.track(signedUp, { plan: 'pro' });
  await ada.track(projectCreated, { name: 'Ark' });
  expect(ada.flag('checkout')).toBe('beta');
  await ada.track(orderPlaced, { orderId: '1' });
  expect(ada.flag('checkout')).toBe('new');
});

it('a value of another type than the flag does not count, and the step says so', async () => {
  const wrong = journey('wrong', { enter: signedUp }, async (j) => {
    await j.flag('on', 'checkout');
  });
  const ada = traveller(wrong, { with: { flags: defined } });
  await ada.track(signedUp, { plan: 'pro' });
  expect(ada.flag('checkout')).toBe('old');
  expect(ada.why('on')).toContain('checkout: does not count, because the type of the flag is string');
});

it('a journey that an exposure lets in counts who reached a goal, by variant', async () => {
  const experiment = journey(
    'checkout-experiment',
    {
      enter: flagExposed.where({ flag: 'checkout' }),
      reenter: 'never',
      goal: { event: orderPlaced, within: '14 days' },
    },
    async (j) => {
      await j.pick('variant', () => j.event.properties.variant);
      await j.sleep('two weeks', '14 days');
    },
  );
  const ada = traveller(experiment);
  await ada.track(flagExposed, { flag: 'banner', variant: 'price' });
  expect(ada.runs).toEqual([]);
  await ada.track(flagExposed, { flag: 'checkout', variant: 'short' });
  await ada.track(flagExposed, { flag: 'checkout', variant: 'short' });
  await ada.forward('1 day');
  await ada.track(orderPlaced, { orderId: '1' });
  expect(ada.runs).toMatchObject([{ goalAt: ada.now, journal: [{ step: 'variant', outcome: 'short' }, {}] }]);
});

it('an edit of a flag is no edit of the journeys, so that nobody is advanced for it', async () => {
  const sources = { journeys: [beta], lifecycle: stages, policy: policy(), traits: {} };
  const [without, withFlags] = [await compile(sources), await compile({ ...sources, flags: defined })];
  expect(withFlags.flags).toBe(defined);
  expect([withFlags.version, withFlags.fingerprints]).toEqual([without.version, without.fingerprints]);
});
