import fc from 'fast-check';
import { z } from 'zod';
import { anyOf, event } from '../authoring/event';
import { journey, type Journey, type JourneyOptions, type Steps } from '../authoring/journey';
import { filterText, type Filter, type Tests } from '../authoring/filter';
import { explore } from '../explore';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { lifecycle } from '../authoring/lifecycle';
import { CHANNELS } from '../model/channels';
import { compile } from '../outline/compile';
import { PLAN_CHANGED } from '../testing/properties/named-event';
import { plain, toJourney as planned, type Plan } from '../testing/properties/plan';
import { plans } from '../testing/properties/random-journey';
import { BEGIN, deeds, define, policies, users, type Deed } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import { signedUp, unrestrained } from '../testing/properties/catalogue';
import { traveller } from '../testing/traveller';
import { milestone } from '../user/triggers';

/** Filters: an event that does not pass changes nothing; see `docs/semantics.md`. */

const cartUpdated = event(
  'Cart Updated',
  z.object({
    items: z.array(z.string()),
    total: z.number(),
    currency: z.enum(['EUR', 'USD']).optional(),
    shop: z.object({ city: z.string() }).optional(),
  }),
  { items: ['book'], total: 12 },
);
const filled = cartUpdated.where({ 'items.length': { atLeast: 1 } });
const emptied = cartUpdated.where(({ properties }) => properties.items.length === 0, { items: [], total: 0 });

const DAY = 86_400_000;
const YEAR = 365 * DAY;

describe('an event that does not pass the filter', () => {
  const cart = (options: Partial<JourneyOptions>, wait = filled): Journey =>
    journey('cart', { enter: signedUp, ...options }, async (j) => {
      await j.waitFor('filled', wait, { within: '2 days' });
    });

  it('lets nobody enter', async () => {
    const ada = traveller(journey('cart', { enter: filled }, (j) => j.sleep('an hour', '1 hour')));
    await ada.track(cartUpdated, { items: [], total: 0 });
    expect(ada.runs).toEqual([]);
    await ada.track(cartUpdated, { items: ['book'], total: 12 });
    expect(ada.runs).toHaveLength(1);
  });

  it('ends no wait, not even by looking back', async () => {
    const ada = traveller(
      journey('cart', { enter: signedUp }, async (j) => {
        await j.sleep('a day', '1 day');
        await j.waitFor('filled', filled, { within: '2 days' });
      }),
    );
    await ada.track(signedUp, { plan: 'free' });
    await ada.track(cartUpdated, { items: [], total: 0 });
    await ada.forward('25 hours');
    await ada.track(cartUpdated, { items: [], total: 0 });
    expect(ada.journal.at(-1)).toMatchObject({ step: 'filled', status: 'waiting' });
    await ada.track(cartUpdated, { items: ['book'], total: 12 });
    expect(ada.journal.at(-1)).toMatchObject({ status: 'done', outcome: { properties: { total: 12 } } });
  });

  it('is neither an exit nor the goal', async () => {
    const ada = traveller(cart({ exit: [emptied], goal: { event: cartUpdated.where({ total: { over: 100 } }) } }));
    await ada.track(signedUp, { plan: 'free' });
    await ada.track(cartUpdated, { items: ['book'], total: 100 });
    expect(ada.runs).toMatchObject([{ status: 'completed', goalAt: null }]);
    const bob = traveller(cart({ exit: [emptied], goal: { event: cartUpdated.where({ total: { over: 100 } }) } }));
    await bob.track(signedUp, { plan: 'free' });
    await bob.track(cartUpdated, { items: [], total: 101 });
    expect(bob.runs).toMatchObject([{ status: 'exited', goalAt: bob.now }]);
  });

  it('is not counted by a milestone', async () => {
    const big = cartUpdated.where({ total: { atLeast: 50 } });
    const second = journey('second', { enter: milestone(big, [2]) }, (j) => j.award('two', { points: 2 }));
    const all = journey('all', { enter: milestone(cartUpdated, [2]) }, (j) => j.award('any two', { points: 1 }));
    const ada = traveller([second, all]);
    for (const total of [50, 10, 20]) await ada.track(cartUpdated, { items: ['book'], total });
    expect(ada.profile.points).toBe(1);
    await ada.track(cartUpdated, { items: ['book'], total: 60 });
    expect(ada.profile.points).toBe(3);
  });

  it('is one on which the function throws', async () => {
    const ada = traveller(
      cart(
        {},
        cartUpdated.where(({ properties }) => properties.shop?.city.length === 6),
      ),
    );
    await ada.track(signedUp, { plan: 'free' });
    // It was stored before the schema asked for a city.
    await ada.track(plain('Cart Updated'), { items: [], total: 0, shop: {} });
    expect(ada.journal).toMatchObject([{ status: 'waiting' }]);
  });
});

it.each<[Tests, boolean]>([
  [{ plan: 'pro' }, true],
  [{ plan: ['free', 'pro'] }, true],
  [{ plan: ['free', 'team'] }, false],
  [{ plan: { not: 'free' } }, true],
  [{ plan: { not: ['free', 'pro'] } }, false],
  [{ missing: { not: 'free' } }, true],
  [{ missing: null }, true],
  [{ plan: null }, false],
  [{ total: { atLeast: 100 } }, true],
  [{ total: { over: 100 } }, false],
  [{ total: { atMost: 100 } }, true],
  [{ total: { under: 100 } }, false],
  [{ total: { over: 50, under: 150 } }, true],
  [{ plan: { atLeast: 0 } }, false],
  [{ tags: { contains: 'new' } }, true],
  [{ tags: { contains: 'ne' } }, false],
  [{ plan: { contains: 'pr' } }, true],
  [{ plan: { exists: true }, missing: { exists: false }, nothing: { exists: false } }, true],
  [{ 'tags.length': 2 }, true],
  [{ 'address.city': 'London' }, true],
  [{ 'address.toString': { exists: true } }, false],
  [{ 'a.b': 1 }, true],
  [{ plan: 'pro', total: { atLeast: 101 } }, false],
])('%j is %j', async (where, expected) => {
  const given = { plan: 'pro', total: 100, tags: ['new', 'red'], address: { city: 'London' }, nothing: null, 'a.b': 1 };
  const done = event('Done', z.looseObject({}), given);
  const entering = journey('entering', { enter: done.where(where) }, (j) => j.award('in', { points: 1 }));
  const ada = traveller(entering);
  await ada.track(done, given);
  expect(ada.profile.points === 1).toBe(expected);
});

it('a comparison that does not exist is refused', () => {
  expect(() => cartUpdated.where({ total: { atleast: 3 } as object })).toThrow(
    "'atleast' is not a comparison. Expected not, atLeast, atMost, over, under, contains, exists.",
  );
});

it('an example that the schema refuses is refused', () => {
  expect(() => cartUpdated.where({ total: 3 }, { total: 'three' })).toThrow('does not pass its schema');
});

it('filters of one event add up', async () => {
  const both = filled.where({ total: { over: 100 } });
  const ada = traveller(journey('cart', { enter: both }, (j) => j.award('in', { points: 1 })));
  await ada.track(cartUpdated, { items: [], total: 200 });
  await ada.track(cartUpdated, { items: ['pen'], total: 2 });
  expect(ada.profile.points).toBe(0);
  await ada.track(cartUpdated, { items: ['pen'], total: 200 });
  expect(ada.profile.points).toBe(1);
});

it('a filter may use what the run knows', async () => {
  const paid = event('Paid', z.object({ invoice: z.string() }), { invoice: 'i-1' });
  const billed = event('Billed', z.object({ invoice: z.string() }), { invoice: 'i-1' });
  const bill = journey('bill', { enter: billed }, async (j) => {
    await j.waitFor('paid', paid.where({ invoice: j.event.properties.invoice }), { within: '9 days' });
  });
  const ada = traveller(bill);
  await ada.track(billed, { invoice: 'i-7' });
  await ada.track(paid, { invoice: 'i-6' });
  expect(ada.runs).toMatchObject([{ status: 'active' }]);
  await ada.track(paid, { invoice: 'i-7' });
  expect(ada.runs).toMatchObject([{ status: 'completed' }]);
});

describe('an edit of a filter', () => {
  const waiting = (least: number): Journey =>
    journey('cart', { enter: signedUp }, async (j) => {
      await j.waitFor('enough', cartUpdated.where({ total: { atLeast: least } }), { within: '9 days' });
      await j.sleep('a day', '1 day');
    });

  it('ends a wait by an event of before that passes now', async () => {
    const ada = traveller(waiting(100));
    await ada.track(signedUp, { plan: 'free' });
    await ada.track(cartUpdated, { items: ['pen'], total: 50 });
    await ada.deploy(waiting(60));
    expect(ada.journal).toMatchObject([{ status: 'waiting' }]);
    await ada.deploy(waiting(50));
    expect(ada.journal).toMatchObject([{ status: 'done', outcome: { properties: { total: 50 } } }, {}]);
  });

  it('leaves a wait that is over as it is', async () => {
    const ada = traveller(waiting(10));
    await ada.track(signedUp, { plan: 'free' });
    await ada.track(cartUpdated, { items: ['pen'], total: 50 });
    await ada.deploy(waiting(100));
    expect(ada.journal).toMatchObject([
      { step: 'enough', status: 'done' },
      { step: 'a day', status: 'waiting' },
    ]);
  });

  describe('of a milestone', () => {
    const nth = (least: number): Journey =>
      journey('nth', { enter: milestone(cartUpdated.where({ total: { atLeast: least } }), [3]) }, (j) =>
        j.award('three', { points: 3 }),
      );
    const defined = (...journeys: readonly Journey[]): ReturnType<typeof compile> =>
      compile({ journeys, lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} });
    const person = { id: 'ada', traits: {}, reachable: [], createdAt: DAY };
    const SERVER = { pending: 'awaited', history: 'limited' } as const;
    const spend = (ada: StoredUser, day: number, total: number): Promise<void> => {
      const at = day * DAY;
      return ada.receive({ id: String(day), name: 'Cart Updated', at, receivedAt: at, properties: { total } });
    };

    it('counts anew, from the stored events', async () => {
      const ada = new StoredUser(person, await defined(nth(100)), SERVER);
      await spend(ada, 1, 100);
      await spend(ada, 2, 50);
      ada.definitions = await defined(nth(50));
      await spend(ada, 3, 40);
      expect(ada.runs).toEqual([]);
      await spend(ada, 4, 50);
      expect(ada.runs).toMatchObject([{ trigger: { properties: { count: 3 } } }]);
    });

    it('counts what came while the definitions lacked the journey', async () => {
      const ada = new StoredUser(person, await defined(nth(50)), SERVER);
      await spend(ada, 1, 60);
      ada.definitions = await defined();
      await ada.advanceOnce(1.5 * DAY);
      await spend(ada, 2, 60);
      ada.definitions = await defined(nth(50));
      await spend(ada, 3, 60);
      expect(ada.runs).toMatchObject([{ trigger: { properties: { count: 3 } } }]);
    });
  });
});

it('an edited filter makes another version, also if only an imported function differs', async () => {
  const version = async (filter: Parameters<typeof cartUpdated.where>[0]): Promise<string> => {
    const narrow = cartUpdated.where(filter);
    const waits = journey('waits', { enter: signedUp }, async (j) => {
      await j.waitFor('filled', narrow, { within: '1 day' });
    });
    return (
      await compile({
        journeys: [waits],
        lifecycle: lifecycle({ initial: 'new', rules: [] }),
        ...unrestrained,
        traits: {},
      })
    ).version;
  };
  expect(await version({ total: 1 })).toBe(await version({ total: 1 }));
  expect(await version({ total: 1 })).not.toBe(await version({ total: 2 }));
  expect(await version(({ properties }) => properties.total > 1)).not.toBe(
    await version(({ properties }) => properties.total > 2),
  );
});

describe('explore', () => {
  const explored = (run: (j: Steps) => Promise<unknown>, options: Partial<JourneyOptions> = {}) =>
    explore(
      journey('cart', { enter: signedUp, ...options }, async (j) => {
        await run(j as Steps);
      }),
    );

  it('walks the filtered event by an example that passes, made of what the filter and the schema say', async () => {
    for (const where of [
      { total: { over: 500 } },
      { 'items.length': 3 },
      { items: { contains: 'pen' } },
      { currency: { not: 'EUR' as const } },
      { currency: 'USD' as const },
      { 'shop.city': 'London' },
    ]) {
      const { paths, defects } = await explored((j) =>
        j.waitFor('cart', cartUpdated.where(where), { within: '1 day' }),
      );
      expect({ where, paths, defects }).toEqual({ where, paths: 2, defects: [] });
    }
  });

  it('walks exits, goals and triggers with filters', async () => {
    const sleep = (j: Steps): Promise<void> => j.sleep('a day', '1 day');
    expect(await explored(sleep, { exit: [emptied], enter: filled })).toMatchObject({ paths: 2, left: 1, defects: [] });
    const goal = { event: cartUpdated.where({ total: { over: 500 } }), exit: true };
    expect((await explored(sleep, { goal })).tree).not.toEqual([]);
    expect(await explored(sleep, { goal })).toMatchObject({ paths: 2, withoutGoal: 1 });
  });

  it('walks an exit that is narrower than what is awaited', async () => {
    const { left, defects } = await explored((j) => j.waitFor('filled', filled, { within: '1 day' }), {
      exit: [emptied],
    });
    expect({ left, defects }).toEqual({ left: 1, defects: [] });
  });

  it('reports a filter that no example passes, wherever it is', async () => {
    const never = cartUpdated.where(({ properties }) => properties.total === 4_711);
    const text = expect.stringContaining('no example passes the filter of Cart Updated where') as string;
    const { defects } = await explored((j) => j.waitFor('never', never, { within: '1 day' }));
    expect(defects).toEqual([{ kind: 'error', step: 'never', text, path: null }]);
    for (const options of [{ enter: never }, { exit: [never] }, { goal: { event: never } }]) {
      const found = (await explored((j) => j.sleep('a day', '1 day'), options)).defects;
      expect(found).toContainEqual({ kind: 'error', step: null, text, path: null });
    }
  });

  it('reports a value that the schema refuses', async () => {
    const typo = cartUpdated.where({ currency: 'EURO' as 'EUR' });
    const { defects } = await explored((j) => j.waitFor('typo', typo, { within: '1 day' }));
    expect(defects).toMatchObject([{ kind: 'error', step: 'typo' }]);
  });
});

/** A life as random, with a property that filters read. */
const spenders = deeds().chain((life) =>
  fc
    .array(fc.constantFrom(5, 50, 500), { minLength: life.length, maxLength: life.length })
    .map((totals): Deed[] =>
      life.map((deed, index) => ({ ...deed, properties: { ...deed.properties, total: totals[index] ?? 5 } })),
    ),
);

const LIVED = fc.tuple(
  plans('only', { effects: true, unbounded: true, triggers: ['Start', 'A', 'A or B', 'A counted', 'upgraded'] }).filter(
    (plan) => !JSON.stringify(plan).includes('"*"'),
  ),
  spenders,
  // Somebody without an address gets half a minute from when they are first met, whatever they are met by.
  users.map((person) => ({ ...person, reachable: CHANNELS })),
  policies,
);

/** What became of a user. When they are met, and what they await before, depends on all events. */
async function outcomeOf(user: StoredUser, life: readonly Deed[]): Promise<object> {
  for (const deed of life) {
    await user.passUntil(deed.receivedAt - 1);
    await user.receive(deed);
  }
  await user.passUntil(BEGIN + YEAR);
  const { runs, messages } = user.outcome as { readonly runs: unknown; readonly messages: unknown };
  const text = JSON.stringify({ runs, messages })
    .replaceAll(user.definitions.version, 'the version')
    // Facts of what was done name the filter.
    .replaceAll(named(AS_DATA), '')
    .replaceAll(named(AS_FUNCTION), '');
  // A wait tells ingest its filter.
  return JSON.parse(text, (key, value: unknown) => (key === 'narrowed' ? undefined : value)) as object;
}

/** Totals of 50 and more. */
const AS_DATA = { total: { atLeast: 50 } };
const AS_FUNCTION: Filter = ({ properties }) => Number(properties['total']) >= 50;

/** How the text of a JSON document names an event with the filter, behind its name. */
const named = (filter: Filter): string => JSON.stringify(` where ${filterText([filter])}`).slice(1, -1);

/** The journey of a plan, in which every event is narrowed. */
const narrowedPlan = (plan: Plan, filter: Filter = AS_DATA): Journey =>
  planned(plan, (name) => ({ ...plain(name), filters: [filter] }));

it('a journey with filters decides as one without them of whom only the events that pass are known', () =>
  fc.assert(
    fc.asyncProperty(LIVED, async ([plan, life, person, policy]) => {
      const rules = await define([], { policy, stages: false });
      const filtered = await compile({ ...rules, journeys: [narrowedPlan(plan)] });
      const whole = await compile({ ...rules, journeys: [planned(plan)] });
      // The changes of a trait have filters of their own.
      const passing = life.filter(({ name, properties }) => name === PLAN_CHANGED || Number(properties['total']) >= 50);
      const keeping = { pending: 'awaited', history: 'limited' } as const;
      const got = await outcomeOf(new StoredUser(person, filtered, keeping), life);
      expect(got).toEqual(await outcomeOf(new StoredUser(person, whole, keeping), passing));
    }),
    { numRuns: 150 },
  ));

it('a journey with filters as functions decides as one with the same filters as data, which ingest knows', () =>
  fc.assert(
    fc.asyncProperty(LIVED, async ([plan, life, person, policy]) => {
      const rules = await define([], { policy, stages: false });
      const by = async (filter: Filter): Promise<object> => {
        const definitions = await compile({ ...rules, journeys: [narrowedPlan(plan, filter)] });
        return outcomeOf(new StoredUser(person, definitions, { pending: 'awaited', history: 'limited' }), life);
      };
      expect(await by(AS_FUNCTION)).toEqual(await by(AS_DATA));
    }),
    { numRuns: 150 },
  ));

it('a filter as data decides the same in a journey made of data', async () => {
  const catalogue = new Map([signedUp, cartUpdated].map((one) => [one.name, one]));
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'Cart Updated', where: { 'items.length': { atLeast: 1 } } },
    reenter: 'always',
    exit: [{ event: 'Cart Updated', where: { 'items.length': 0 } }],
    goal: { event: 'Cart Updated', where: { total: { over: 100 } } },
    steps: [
      {
        kind: 'waitFor',
        step: 'dear',
        events: ['Signed Up', { event: 'Cart Updated', where: { total: { atLeast: 50 } } }],
        within: '2 days',
        then: [{ kind: 'award', step: 'spent', points: 5 }],
      },
    ],
  });
  const ada = traveller(toJourney('cart', definition, catalogue));
  await ada.track(cartUpdated, { items: [], total: 70 });
  expect(ada.runs).toEqual([]);
  await ada.forward('1 minute');
  await ada.track(cartUpdated, { items: ['pen'], total: 2 });
  await ada.track(cartUpdated, { items: ['pen'], total: 3 });
  expect(ada.runs).toMatchObject([{ status: 'active' }]);
  await ada.track(cartUpdated, { items: ['pen', 'ink'], total: 101 });
  expect(ada.runs).toMatchObject([{ status: 'completed', goalAt: ada.now }]);
  expect(ada.profile.points).toBe(5);
  await ada.forward('1 minute');
  await ada.track(cartUpdated, { items: ['pen'], total: 2 });
  await ada.track(cartUpdated, { items: [], total: 0 });
  expect(ada.runs.map(({ status }) => status)).toEqual(['completed', 'exited']);
});

it('a choice of events may narrow some of them', async () => {
  const ada = traveller(
    journey('either', { enter: signedUp }, async (j) => {
      await j.waitFor('one', anyOf(emptied, cartUpdated.where({ total: 500 })), { within: '9 days' });
    }),
  );
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(cartUpdated, { items: ['pen'], total: 5 });
  expect(ada.runs).toMatchObject([{ status: 'active' }]);
  await ada.track(cartUpdated, { items: [], total: 5 });
  expect(ada.runs).toMatchObject([{ status: 'completed' }]);
});
