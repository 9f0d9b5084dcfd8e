import { signedUp } from '../testing/properties/catalogue';
import type { Facts } from '../authoring/journey';
import { journey } from '../authoring/journey';
import type { Json } from '../model/json';
import { traveller } from '../testing/traveller';

/** Rule 7: attributes are read only inside `check`, `pick` and `call`, so that support can see why. */

async function factsReadBy(decide: (facts: Facts) => Json): Promise<Record<string, Json>> {
  const reading = journey('reading', { enter: signedUp }, async (j) => {
    await j.award('before', { points: 7, badge: 'reader' });
    await j.flag('tour', 'tour', true);
    await j.pick('read', decide);
  });
  const ada = traveller(reading, { traits: { plan: 'free', city: 'London' } });
  await ada.track(signedUp, { plan: 'free' });
  return ada.journal.at(-1)?.facts ?? {};
}

it('only the traits that were read are recorded', async () => {
  expect(await factsReadBy(({ user }) => user.traits['plan'] ?? null)).toEqual({ 'traits.plan': 'free' });
});

it('a trait that is missing is recorded as missing', async () => {
  expect(await factsReadBy(({ user }) => user.traits['age'] ?? null)).toEqual({ 'traits.age': null });
});

it('points, badges, flags and the stage are facts', async () => {
  const read = await factsReadBy(({ user }) => [
    user.points,
    user.badges.length,
    user.stage,
    user.flags['tour'] ?? null,
  ]);
  expect(read).toEqual({ points: 7, badges: ['reader'], stage: 'new', 'flags.tour': true });
});

it('a fact that only decides which other facts are read is recorded too', async () => {
  const read = await factsReadBy(({ user }) => (user.points > 5 ? (user.traits['city'] ?? null) : null));
  expect(read).toEqual({ points: 7, 'traits.city': 'London' });
});

it('`now` is the time for which the step is decided', async () => {
  const early = journey('early', { enter: signedUp }, async (j) => {
    await j.sleep('a day', '1 day');
    await j.pick('now', ({ now }) => now);
  });
  const ada = traveller(early);
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('1 day');
  expect(ada.journal.at(-1)).toMatchObject({ outcome: ada.now, at: ada.now });
});
