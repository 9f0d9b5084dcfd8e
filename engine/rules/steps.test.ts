import { projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { journey } from '../authoring/journey';
import { traveller } from '../testing/traveller';

/** Rule 1: a step is entered once, and its outcome is recorded. When the function runs again, the step returns that outcome. */

it('the function runs again and again, but each step is done only once', async () => {
  let passes = 0;
  const welcome = journey('welcome', { enter: signedUp }, async (j) => {
    passes++;
    await j.send('hello', { email: 'hello' });
    await j.sleep('an hour', '1 hour');
    await j.send('how is it', { email: 'how-is-it' });
  });
  const ada = traveller(welcome, { with: unrestrained });
  passes = 0;
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.forward('2 hours');
  expect(passes).toBeGreaterThan(1);
  expect(ada.messages.map(({ step }) => step)).toEqual(['hello', 'how is it']);
});

it('an outcome is recorded with its time, its reason and the facts that were read', async () => {
  const greet = journey('greet', { enter: signedUp }, async (j) => {
    await j.sleep('a moment', '5 minutes');
    await j.check('on a free plan', ({ user }) => user.traits['plan'] === 'free');
  });
  const ada = traveller(greet, { traits: { plan: 'free', city: 'London' }, at: '2026-01-05T12:00:00Z' });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('1 hour');
  expect(ada.journal).toMatchObject([
    {
      step: 'a moment',
      kind: 'sleep',
      enteredAt: Date.parse('2026-01-05T12:00:00Z'),
      at: Date.parse('2026-01-05T12:05:00Z'),
      status: 'done',
      reason: '5 minutes',
    },
    {
      step: 'on a free plan',
      at: Date.parse('2026-01-05T12:05:00Z'),
      outcome: true,
      reason: 'yes',
      facts: { 'traits.plan': 'free' },
    },
  ]);
});

it('an outcome stays the same after the facts have changed', async () => {
  const decide = journey('decide', { enter: signedUp }, async (j) => {
    const free = await j.check('on a free plan', ({ user }) => user.traits['plan'] === 'free');
    await j.sleep('a day', '1 day');
    if (free) await j.award('for free plans', { points: 1 });
  });
  const ada = traveller(decide, { traits: { plan: 'free' } });
  await ada.track(signedUp, { plan: 'free' });
  await ada.identify({ plan: 'pro' });
  await ada.forward('1 day');
  expect(ada.profile.points).toBe(1);
});

it('a user always gets the same variant, and different users get different ones', async () => {
  const choose = journey('choose', { enter: signedUp, reenter: 'always' }, async (j) => {
    await j.experiment('tone', { friendly: 1, brief: 1, silent: 0 });
  });
  const variantOf = async (id: string): Promise<unknown> => {
    const person = traveller(choose, { id });
    await person.track(signedUp, { plan: 'free' });
    return person.journal[0]?.outcome;
  };
  expect(await variantOf('ada')).toBe(await variantOf('ada'));
  const variants = await Promise.all(Array.from({ length: 60 }, (_, index) => variantOf(`person-${index}`)));
  expect(new Set(variants)).toEqual(new Set(['friendly', 'brief']));
});

it('award, set and flag change the profile once', async () => {
  const reward = journey('reward', { enter: signedUp }, async (j) => {
    await j.award('first steps', { points: 50, badge: 'builder' });
    await j.award('again', { points: 5, badge: 'builder' });
    await j.set('remember', { onboarded: true });
    await j.flag('show the tour', 'tour', 'short');
    await j.sleep('a day', '1 day');
  });
  const ada = traveller(reward);
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('2 days');
  expect(ada.profile).toMatchObject({
    points: 55,
    badges: ['builder'],
    traits: { onboarded: true },
    flags: { tour: 'short' },
  });
});

it('the answer of a call is recorded with the facts it read', async () => {
  const keys: string[] = [];
  const score = journey('score', { enter: signedUp }, async (j) => {
    const risk = await j.call('risk', ({ user, idempotencyKey }) => {
      keys.push(idempotencyKey);
      return Promise.resolve({ of: user.id, risk: user.traits['vip'] === true ? 1 : 7 });
    });
    await j.pick('risk as a number', () => risk?.risk ?? 0);
  });
  const ada = traveller(score);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.journal).toMatchObject([
    {
      step: 'risk',
      status: 'done',
      outcome: { of: 'ada', risk: 7 },
      reason: 'answered',
      facts: { id: 'ada', 'traits.vip': null },
    },
    { step: 'risk as a number', outcome: 7 },
  ]);
  expect(keys).toHaveLength(1);
});

it('exit ends the run there, with its reason', async () => {
  const short = journey('short', { enter: signedUp }, async (j) => {
    await j.exit('enough', 'nothing more to say');
    await j.send('never', { email: 'never' });
  });
  const ada = traveller(short);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'nothing more to say' }]);
  expect(ada.messages).toEqual([]);
});
