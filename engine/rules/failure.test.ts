import { orderPlaced, projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { journey } from '../authoring/journey';
import { plain } from '../testing/properties/plan';
import { traveller } from '../testing/traveller';

/**
 * Rule 5: a journey that throws parks that run only. The user's other journeys go on. A deploy with fixed code resumes the run.
 */

const broken = journey('greeting', { enter: signedUp }, async (j) => {
  await j.send('welcome', { email: 'welcome' });
  await j.check('on a free plan', ({ user }) => (user.traits['plan'] as string).startsWith('free'));
  await j.send('upgrade', { email: 'upgrade' });
});
const fixed = journey('greeting', { enter: signedUp }, async (j) => {
  await j.send('welcome', { email: 'welcome' });
  await j.check('on a free plan', ({ user }) => user.traits['plan'] === 'free');
  await j.send('upgrade', { email: 'upgrade' });
});
const healthy = journey('healthy', { enter: signedUp }, async (j) => {
  await j.sleep('a day', '1 day');
  await j.award('still here', { points: 1 });
});

it('the run is parked with the error and the step', async () => {
  const ada = traveller(broken, { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.runs).toMatchObject([
    {
      status: 'failed',
      failure: { step: 'on a free plan', error: expect.stringContaining('startsWith'), at: ada.now },
      endedAt: null,
    },
  ]);
  expect(ada.messages.map(({ step }) => step)).toEqual(['welcome']);
});

it("the user's other journeys go on", async () => {
  const ada = traveller([broken, healthy], { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('2 days');
  expect(ada.profile.points).toBe(1);
});

it('a parked run stays parked under the same version', async () => {
  const ada = traveller(broken, { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  await ada.identify({ plan: 'free' });
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.forward('30 days');
  expect(ada.runs).toMatchObject([{ status: 'failed' }]);
});

it('a deploy with fixed code resumes the run where it was, and repeats nothing', async () => {
  const ada = traveller(broken, { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('1 day');
  await ada.deploy(fixed);
  expect(ada.runs).toMatchObject([{ status: 'completed', failure: null }]);
  expect(ada.messages.map(({ step }) => step)).toEqual(['welcome', 'upgrade']);
  expect(ada.journal[1]).toMatchObject({ enteredAt: ada.now, outcome: false });
});

it('when a parked run resumes, its wait sees the events that came meanwhile', async () => {
  const waiting = (fail: boolean): ReturnType<typeof journey> =>
    journey('waiting', { enter: signedUp }, async (j) => {
      if (fail) throw new Error('not yet');
      await j.waitFor('a project', projectCreated, { within: '3 days' });
    });
  const ada = traveller(waiting(false), { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('1 day');
  await ada.deploy([waiting(true), healthy]);
  expect(ada.runs).toMatchObject([{ status: 'failed' }]);
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.forward('1 day');
  await ada.deploy(waiting(false));
  expect(ada.journal).toMatchObject([{ step: 'a project', reason: 'Project Created' }]);
});

it('the deadline of a wait stays the same while its run is parked', async () => {
  const waiting = (fail: boolean): ReturnType<typeof journey> =>
    journey('waiting', { enter: signedUp }, async (j) => {
      if (fail) throw new Error('not yet');
      await j.waitFor('a project', projectCreated, { within: '3 days' });
    });
  const ada = traveller(waiting(false));
  await ada.track(signedUp, { plan: 'free' });
  await ada.deploy(waiting(true));
  await ada.forward('4 days');
  await ada.track(projectCreated, { name: 'Too late' });
  await ada.deploy(waiting(false));
  expect(ada.journal).toMatchObject([{ step: 'a project', reason: 'timeout', at: ada.now }]);
});

it('an error that the code catches does not park the run, but misuse of steps always does', async () => {
  const careful = journey('careful', { enter: signedUp }, async (j) => {
    try {
      JSON.parse('{');
    } catch {
      await j.award('caught', { points: 1 });
    }
    try {
      await j.award('caught', { points: 1 });
    } catch {
      await j.award('not reached', { points: 1 });
    }
  });
  const ada = traveller(careful);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.runs).toMatchObject([{ status: 'failed', failure: { step: 'caught' } }]);
  expect(ada.profile.points).toBe(1);
});

it('a thrown value that is not an error is reported as text', async () => {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
  const odd = journey('odd', { enter: signedUp }, () => Promise.reject('just a text'));
  const ada = traveller(odd);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.runs).toMatchObject([{ status: 'failed', reason: 'just a text', failure: { step: null } }]);
});

it('an event for which the key function throws has no key', async () => {
  const keyed = journey(
    'keyed',
    { enter: orderPlaced, key: ({ properties }) => (properties['orderId'] as string).toUpperCase() },
    async (j) => {
      await j.waitFor('a project', projectCreated, { within: '1 day' });
    },
  );
  const ada = traveller(keyed);
  await ada.track(plain('Order Placed'), {});
  expect(ada.runs).toEqual([]);
  await ada.track(orderPlaced, { orderId: 'o-1' });
  await ada.track(projectCreated, { name: 'has no order' });
  expect(ada.runs).toMatchObject([{ key: 'O-1', status: 'completed' }]);
});

it('a key that is a number counts as its text', async () => {
  const keyed = journey(
    'keyed',
    { enter: orderPlaced, key: ({ properties }) => properties['orderId'] as string },
    (j) => j.sleep('a day', '1 day'),
  );
  const ada = traveller(keyed);
  await ada.track(plain('Order Placed'), { orderId: 17 });
  expect(ada.runs).toMatchObject([{ key: '17' }]);
});
