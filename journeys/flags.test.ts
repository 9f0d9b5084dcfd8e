import { traveller } from 'sojourn/testing';
import { projectCreated, signedUp } from './events';
import flags from './flags';
import lifecycle from './lifecycle';
import onboarding from './onboarding/journey';

const rules = { lifecycle, flags };

test('the new checkout waits until a person is active, and then half of them have it', async () => {
  const has: unknown[] = [];
  for (let n = 0; n < 40; n++) {
    const ada = traveller(onboarding, { id: `user ${n}`, with: rules });
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.flag('new-checkout')).toBe(false);
    await ada.track(projectCreated, {});
    has.push(ada.flag('new-checkout'));
  }
  expect(new Set(has)).toEqual(new Set([true, false]));
});

test('only people on the free plan who have signed up see a banner', async () => {
  const bannerOf = async (id: string, plan: string): Promise<unknown> => {
    const ada = traveller(onboarding, { id, traits: { plan }, with: rules });
    expect(ada.flag('upgrade-banner')).toBe('');
    await ada.track(signedUp, { plan });
    return ada.flag('upgrade-banner');
  };
  const [free, pro] = [new Set<unknown>(), new Set<unknown>()];
  for (let n = 0; n < 30; n++) {
    free.add(await bannerOf(`user ${n}`, 'free'));
    pro.add(await bannerOf(`user ${n}`, 'pro'));
  }
  expect([free.size, [...pro]]).toEqual([3, ['']]);
});
