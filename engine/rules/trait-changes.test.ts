import fc from 'fast-check';
import { z } from 'zod';
import { anyOf, event, type EventDefinition } from '../authoring/event';
import { journey, type Journey } from '../authoring/journey';
import { traitChanged, type TraitChangeTests } from '../authoring/trait-changed';
import { explore } from '../explore';
import { journeyDefinition } from '../json/schema';
import { mistakesIn } from '../json/mistakes';
import { toJourney } from '../json/to-journey';
import { orderPlaced, signedUp } from '../testing/properties/catalogue';
import { traveller, type Traveller } from '../testing/traveller';
import { milestone } from '../user/triggers';

/** A change of a trait is an event; see `docs/semantics.md`. */

const upgraded = traitChanged('plan', { to: 'pro' });
const greeted = journey('greeted', { enter: upgraded, reenter: 'always' }, (j) => j.award('hello', { points: 1 }));

describe('a change of a trait', () => {
  it('lets users enter, with what the trait was and is', async () => {
    const ada = traveller(
      journey('greeted', { enter: traitChanged('plan') }, (j) =>
        j.award('hello', { badge: JSON.stringify([j.event.properties.from, j.event.properties.to]) }),
      ),
      { traits: { plan: 'free' } },
    );
    await ada.identify({ plan: 'pro' });
    expect(ada.profile.badges).toEqual(['["free","pro"]']);
  });

  it('is none if the value is the same, and one from none if it is the first', async () => {
    const ada = traveller(greeted);
    await ada.identify({ plan: 'pro' });
    await ada.identify({ plan: 'pro' });
    await ada.identify({ city: 'London' });
    expect(ada.profile.points).toBe(1);
    await ada.identify({ plan: null });
    await ada.identify({ plan: 'pro' });
    expect(ada.profile.points).toBe(2);
  });

  it('compares lists and objects by what is in them', async () => {
    const ada = traveller(
      journey('seats', { enter: traitChanged('tags'), reenter: 'always' }, (j) => j.award('one', { points: 1 })),
    );
    await ada.identify({ tags: ['a', { b: 1 }] });
    await ada.identify({ tags: ['a', { b: 1 }] });
    expect(ada.profile.points).toBe(1);
    await ada.identify({ tags: ['a', { b: 2 }] });
    expect(ada.profile.points).toBe(2);
  });

  it('ends a wait, looks back to the entry, and stops a run or reaches its goal', async () => {
    const trial = journey(
      'trial',
      { enter: signedUp, exit: [traitChanged('plan', { to: 'none' })], goal: { event: upgraded } },
      async (j) => {
        await j.sleep('a day', '1 day');
        const event = await j.waitFor('upgraded', anyOf(upgraded, orderPlaced), { within: '14 days' });
        await j.award('came by', { badge: event?.name ?? 'nothing' });
        await j.sleep('a week', '7 days');
      },
    );
    const ada = traveller(trial, { traits: { plan: 'free' } });
    await ada.track(signedUp, { plan: 'free' });
    await ada.identify({ plan: 'pro' });
    await ada.forward('1 day');
    expect([ada.profile.badges, ada.runs]).toMatchObject([['Trait Changed: plan'], [{ goalAt: ada.now - 86_400_000 }]]);
    await ada.identify({ plan: 'none' });
    expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'Trait Changed: plan' }]);
  });

  it('can be counted, and tested for what the trait was', async () => {
    const back = traitChanged('seats', { from: { atLeast: 100 }, to: { under: 100 } });
    const ada = traveller(
      journey('shrunk', { enter: milestone(back, [2]) }, (j) => j.award('twice', { badge: 'two' })),
    );
    for (const seats of [100, 50, 40, 200]) await ada.identify({ seats });
    expect(ada.profile.badges).toEqual([]);
    await ada.identify({ seats: 99 });
    expect(ada.profile.badges).toEqual(['two']);
  });

  it('is no activity beyond that of the call that made it', async () => {
    const quiet = journey('quiet', { enter: signedUp, exit: [traitChanged('plan')] }, async (j) => {
      await j.set('plan', { score: 1 });
      await j.waitFor('anything', anyOf(traitChanged('score', { to: 2 })), { within: '1 day' });
    });
    const ada = traveller(quiet);
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.journal.at(-1)).toMatchObject({ step: 'anything', status: 'waiting' });
  });
});

describe('a journey that sets a trait', () => {
  it('changes it for all journeys', async () => {
    const sets = journey('sets', { enter: signedUp }, (j) => j.set('pro', { plan: 'pro', city: 'London' }));
    const ada = traveller([sets, greeted]);
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.profile).toMatchObject({ points: 1, traits: { plan: 'pro' } });
    expect(ada.tracked).toMatchObject([{ name: 'Trait Changed: plan', properties: { from: null, to: 'pro' } }]);
  });

  it('ends after 16 changes in a row that only journeys made', async () => {
    const next = journey('next', { enter: traitChanged('count'), reenter: 'always' }, (j) =>
      j.set('one more', { count: Number(j.event.properties.to) + 1 }),
    );
    const ada = traveller(next);
    await ada.identify({ count: 0 });
    expect(ada.profile.traits).toEqual({ count: 17 });
    expect(ada.why('one more')).toContain('no journey is told');
  });
});

test('groups and devices can’t be watched, and a change can be neither tracked nor asked for', async () => {
  for (const trait of ['', 'groups', 'fromContext', 'x'.repeat(101)])
    expect(() => traitChanged(trait)).toThrow(`'${trait}' can't be watched for changes`);
  expect(() => traitChanged('plan', { to: { more: 1 } as never })).toThrow("'more' is not a comparison");
  const tracks = journey('tracks', { enter: signedUp }, (j) =>
    j.track('fake', { userId: 'ada' }, upgraded, { trait: 'plan', from: null, to: 'pro' }),
  );
  const asks = journey('asks', { enter: signedUp }, async (j) => {
    await j.check('ever', ({ did }) => did(upgraded).count() > 0);
  });
  for (const one of [tracks, asks]) {
    const ada = traveller(one);
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.runs).toMatchObject([{ status: 'failed' }]);
  }
});

describe('explore', () => {
  it('enters by the change, takes the wait both ways, and finds the trait changed', async () => {
    const trial = journey('trial', { enter: traitChanged('plan', { from: 'free', to: 'trial' }) }, async (j) => {
      const upgrade = await j.waitFor('upgrade', upgraded, { within: '14 days' });
      if (upgrade?.properties.to === 'trial') await j.exit('never');
      if (upgrade && j.event.properties.to === 'trial') await j.award('thanks', { badge: 'pro' });
      await j.check('pays', ({ user }) => {
        plans.add(JSON.stringify([upgrade?.name ?? null, user.traits['plan']]));
        return true;
      });
    });
    const plans = new Set<string>();
    const { defects, enter } = await explore(trial);
    expect(enter).toBe('Trait Changed: plan where {"from":"free","to":"trial"}');
    expect(defects).toMatchObject([{ kind: 'unreached step', step: 'never' }]);
    expect([...plans]).toEqual(expect.arrayContaining(['["Trait Changed: plan","pro"]', '[null,"trial"]']));
  });

  it('tries the values that the code compares with', async () => {
    const split = journey('split', { enter: traitChanged('plan') }, async (j) => {
      if (j.event.properties.to === 'pro') await j.award('pro', { badge: 'pro' });
      else await j.award('other', { badge: 'other' });
    });
    const { paths, defects } = await explore(split);
    expect([paths, defects]).toEqual([2, []]);
  });
});

describe('as data', () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'Trait Changed: plan', where: { to: 'pro' } },
    exit: [{ event: 'Trait Changed: plan', where: { from: 'pro' } }],
    goal: { event: 'Trait Changed: seats', where: { to: { atLeast: 100 } } },
    steps: [
      { kind: 'waitFor', step: 'city', events: ['Trait Changed: city'], within: '1 day' },
      { kind: 'award', step: 'moved', badge: 'moved' },
      { kind: 'sleep', step: 'a day', duration: '1 day' },
    ],
  });

  it('is an event that no catalogue has to declare', async () => {
    expect(mistakesIn(definition, new Map())).toEqual([]);
    const ada = traveller(toJourney('pro', definition, new Map()), { traits: { plan: 'free' } });
    await ada.identify({ plan: 'pro' });
    await ada.identify({ city: 'London', seats: 100 });
    expect([ada.profile.badges, ada.runs[0]?.goalAt]).toEqual([['moved'], ada.now]);
    await ada.identify({ plan: 'free' });
    expect(ada.runs).toMatchObject([{ status: 'exited' }]);
  });

  it('has only the properties of a change, and can’t be declared, tracked or asked for', () => {
    const wrong = {
      ...definition,
      enter: { kind: 'event', event: 'Trait Changed: plan', where: { plan: 'pro' } },
      events: { 'Trait Changed: plan': { example: {} } },
      steps: [{ kind: 'track', step: 'fake', userId: 'ada', event: 'Trait Changed: plan' }],
    };
    expect(mistakesIn(journeyDefinition.parse(wrong), new Map()).map(({ path }) => path.join('/'))).toEqual(
      expect.arrayContaining(['steps/0/event']),
    );
    expect(
      mistakesIn(journeyDefinition.parse({ ...wrong, steps: definition.steps }), new Map()).map(({ path }) =>
        path.join('/'),
      ),
    ).toEqual(expect.arrayContaining(['events/Trait Changed: plan', 'enter/where/plan']));
    const asks = { kind: 'check', step: 'ever', if: { '>': [{ did: ['Trait Changed: plan', 'count'] }, 0] } };
    expect(journeyDefinition.safeParse({ ...definition, steps: [asks] }).success).toBe(false);
  });
});

/* The old way: the app tells each change by an event of its own, which filters narrow. */
const planChanged = event('Plan Changed', z.object({ from: z.json(), to: z.json() }), { from: null, to: 'pro' });

const plans = fc.constantFrom('free', 'trial', 'pro', null);
const tests = fc.record(
  {
    from: fc.oneof(plans, fc.constant({ not: 'pro' }), fc.constant(['free', null])),
    to: fc.oneof(plans, fc.constant({ exists: true }), fc.constant(['pro', 'trial'])),
  },
  { requiredKeys: [] },
);
const moments = fc.array(fc.record({ plan: plans, hours: fc.integer({ min: 0, max: 60 }) }), { maxLength: 12 });

test('the change of a trait decides as an event does that the app sends for each change (property)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(tests, { minLength: 4, maxLength: 4 }), moments, async (given, days) => {
      const [enter = {}, exit = {}, goal = {}, wait = {}] = given;
      const course = (change: (one: TraitChangeTests) => EventDefinition<unknown>): Journey =>
        journey(
          'course',
          { enter: change(enter), exit: [change(exit)], goal: { event: change(goal) }, reenter: 'always' },
          async (j) => {
            await j.sleep('a day', '1 day');
            const changed = await j.waitFor('changed', change(wait), { within: '4 days' });
            await j.award('changed', { badge: changed ? 'yes' : 'no' });
            await j.sleep('another day', '1 day');
          },
        );
      const told = traveller(
        course((one) => (Object.keys(one).length === 0 ? planChanged : planChanged.where({ ...one }))),
      );
      const watched = traveller(course((one) => traitChanged('plan', one)));
      let before: (typeof days)[number]['plan'] = null;
      for (const { plan, hours } of days) {
        if (plan !== before) await told.track(planChanged, { from: before, to: plan });
        await watched.identify({ plan });
        before = plan;
        for (const person of [told, watched]) await person.forward(`${hours} hours`);
      }
      expect(decided(watched)).toEqual(decided(told));
    }),
    { numRuns: 150 },
  );
});

/** What was decided, without ids and the name of the event. */
function decided({ runs, decisions, profile }: Traveller): unknown {
  const text = JSON.stringify([
    runs.map(({ status, enteredAt, endedAt, goalAt, reason, journal }) => ({
      ...{ status, enteredAt, endedAt, goalAt, reason },
      steps: journal.map(({ step, status: of, enteredAt: at, until }) => ({ step, of, at, until })),
    })),
    decisions,
    profile.badges,
  ]);
  return JSON.parse(text.replaceAll('Trait Changed: plan', 'Plan Changed')) as unknown;
}
