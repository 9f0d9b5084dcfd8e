import fc from 'fast-check';
import { anyOf, type EventDefinition } from '../authoring/event';
import type { Filter } from '../authoring/filter';
import { journey, type Journey, type JourneyOptions, type Steps } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import type { Definitions } from '../definitions/definitions';
import { CHANNELS } from '../model/channels';
import { compile } from '../outline/compile';
import { plain, toJourney } from '../testing/properties/plan';
import { plans } from '../testing/properties/random-journey';
import { BEGIN, deeds, define, policies, users, type Deed } from '../testing/properties/random-life';
import { StoredUser, type Keeping } from '../testing/properties/stored-user';
import { unrestrained } from '../testing/properties/catalogue';
import { milestone } from '../user/triggers';

/** Ingest knows the filters that are data: an event that does not pass wakes nobody. */

const DAY = 86_400_000;
const YEAR = 365 * DAY;
const SERVER: Keeping = { pending: 'awaited', history: 'limited' };

const where = (filter: Filter, name = 'A'): EventDefinition => ({ ...plain(name), filters: [filter] });
const big = where({ total: { atLeast: 50 } });
const bigByFunction = where(({ properties }) => Number(properties['total']) >= 50);
const start = plain('Start');

const defined = (...journeys: readonly Journey[]): Promise<Definitions> =>
  compile({ journeys, lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} });

async function person(definitions: Definitions, keeping = SERVER) {
  const user = new StoredUser({ id: 'ada', traits: {}, reachable: [], createdAt: BEGIN }, definitions, keeping);
  let days = 0;
  /** Returns whether the event woke the user. */
  const does = async (name: string, properties: Deed['properties'] = {}): Promise<boolean> => {
    const at = BEGIN + ++days * 1_000;
    const { advances } = user;
    await user.receive({ id: String(days), name, at, receivedAt: at, properties });
    return user.advances > advances;
  };
  return { user, does };
}

const sleeping = (options: Partial<JourneyOptions>): Journey =>
  journey('sleeping', { enter: start, ...options }, (j) => j.sleep('a year', '365 days'));
const waiting = (awaited: EventDefinition | ((j: Steps) => EventDefinition)): Journey =>
  journey('waiting', { enter: start }, async (j) => {
    await j.waitFor('it', typeof awaited === 'function' ? awaited(j) : awaited, { within: '365 days' });
  });

describe('an event that does not pass wakes nobody', () => {
  it.each<[string, Journey]>([
    ['a wait', waiting(big)],
    ['an exit', sleeping({ exit: [big] })],
    ['a goal', sleeping({ goal: { event: big, exit: true } })],
    ['one of several', sleeping({ goal: { event: anyOf(big, plain('B')), exit: true } })],
  ])('of %s', async (_, waits) => {
    const { user, does } = await person(await defined(waits));
    await does('Start');
    expect(await does('A', { total: 10 })).toBe(false);
    expect(user.runs).toMatchObject([{ status: 'active' }]);
    expect(await does('A', { total: 60 })).toBe(true);
    expect(user.runs).toMatchObject([{ status: expect.stringMatching(/completed|exited/) as string }]);
  });

  it('of a trigger, whether or not the user is known', async () => {
    const { user, does } = await person(await defined(sleeping({ enter: big })));
    expect(await does('A', { total: 10 })).toBe(false);
    expect(await does('A', { total: 60 })).toBe(true);
    expect(user.runs).toHaveLength(1);
    const other = await person(await defined(sleeping({ enter: big }), journey('by-b', { enter: plain('B') }, end)));
    await other.does('B');
    expect(await other.does('A', { total: 10 })).toBe(false);
    expect(await other.does('A', { total: 60 })).toBe(true);
  });

  it('of a milestone, which counts the others', async () => {
    const { user, does } = await person(await defined(journey('second', { enter: milestone(big, [2]) }, end)));
    expect(await does('A', { total: 60 })).toBe(true);
    expect(await does('A', { total: 10 })).toBe(false);
    expect(user.runs).toEqual([]);
    await does('A', { total: 70 });
    expect(user.runs).toMatchObject([{ trigger: { properties: { count: 2 } } }]);
  });

  it('when all filters that are data are passed, a function decides', async () => {
    const both = { ...plain('A'), filters: [{ total: 60 }, () => false] };
    const { user, does } = await person(await defined(waiting(both)));
    await does('Start');
    expect(await does('A', { total: 10 })).toBe(false);
    expect(await does('A', { total: 60 })).toBe(true);
    expect(user.runs).toMatchObject([{ status: 'active' }]);
  });
});

const end = async (): Promise<void> => undefined;

describe('an event is awaited by its name alone', () => {
  it.each<[string, Journey]>([
    ['by a function', waiting(where(({ properties }) => Number(properties['total']) >= 50))],
    [
      'by a filter with values of the run',
      waiting((j) => where({ total: { atLeast: Number(j.event.properties['least'] ?? 1) } })),
    ],
  ])('%s', async (_, waits) => {
    const { user, does } = await person(await defined(waits));
    await does('Start', { least: 50 });
    expect(await does('A', { total: 10 })).toBe(true);
    expect(user.runs).toMatchObject([{ status: 'active' }]);
    await does('A', { total: 60 });
    expect(user.runs).toMatchObject([{ status: 'completed' }]);
  });

  it('when another journey awaits all events of the name', async () => {
    const { does } = await person(await defined(waiting(big), sleeping({ enter: plain('B'), exit: [plain('A')] })));
    await does('Start');
    expect(await does('A', { total: 10 })).toBe(false);
    await does('B');
    expect(await does('A', { total: 10 })).toBe(true);
  });

  it('by whom other definitions decided last', async () => {
    const { user, does } = await person(await defined(waiting(where({ total: 10 }))));
    await does('Start');
    user.definitions = await defined(waiting(big));
    expect(await does('A', { total: 10 })).toBe(true);
    expect(await does('A', { total: 11 })).toBe(false);
    expect(await does('A', { total: 60 })).toBe(true);
    expect(user.runs).toMatchObject([{ status: 'completed' }]);
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

/** Somebody without an address gets half a minute from when they are first met, whatever they are met by. */
const reachable = users.map((one) => ({ ...one, reachable: CHANNELS }));

async function outcomeOf(user: StoredUser, life: readonly Deed[]): Promise<object> {
  for (const deed of life) {
    await user.passUntil(deed.receivedAt - 1);
    await user.receive(deed);
  }
  await user.passUntil(BEGIN + YEAR);
  const { runs, messages } = user.outcome as { readonly runs: unknown; readonly messages: unknown };
  return JSON.parse(JSON.stringify({ runs, messages })) as object;
}

/** Each name is narrowed in another way, and one of them differently in each journey. */
const FILTERS: Readonly<Record<string, Filter>> = {
  A: { total: { atLeast: 50 } },
  B: { total: [5, 50] },
  C: ({ properties }) => Number(properties['total']) < 500,
  Start: { total: { exists: true } },
};
const narrowly = (name: string): EventDefinition => {
  const filter = FILTERS[name];
  return filter ? where(filter, name) : plain(name);
};

it('decides the same, whether or not ingest knows the filters', () =>
  fc.assert(
    fc.asyncProperty(
      fc.tuple(
        plans('first', { effects: true, unbounded: true, triggers: ['Start', 'A', 'A or B', 'A counted', 'upgraded'] }),
        plans('second', { effects: true, unbounded: true, triggers: ['B', 'A', 'A counted', 'upgraded'] }),
      ),
      spenders,
      reachable,
      policies,
      fc.constantFrom<Keeping['pending']>('awaited', 'awaited strictly'),
      async ([first, second], life, one, policy, pending) => {
        const rules = await define([], { policy, stages: false });
        const definitions = await compile({
          ...rules,
          journeys: [
            toJourney(first, narrowly),
            toJourney(second, (name) => (name === 'A' ? plain(name) : narrowly(name))),
          ],
        });
        const by = (narrows: boolean): Promise<object> =>
          outcomeOf(new StoredUser(one, definitions, { pending, history: 'limited', narrows }), life);
        expect(await by(true)).toEqual(await by(false));
      },
    ),
    { numRuns: 150 },
  ));

it('a wait with a filter, as data or as a function, ends as a loop of waits that asks each event', () =>
  fc.assert(
    fc.asyncProperty(spenders, reachable, fc.constantFrom(big, bigByFunction), async (life, one, filtered) => {
      const looping = journey('found', { enter: start }, async (j) => {
        for (let n = 1; ; n++) {
          const found = await j.waitFor(`A ${n}`, plain('A'));
          if (Number(found?.properties['total']) >= 50) break;
        }
        await j.sleep('then', '1 day');
      });
      const waitingOnce = journey('found', { enter: start }, async (j) => {
        await j.waitFor('A', filtered);
        await j.sleep('then', '1 day');
      });
      const foundBy = async (way: Journey): Promise<object> => {
        const user = new StoredUser(one, await defined(way), SERVER);
        await outcomeOf(user, life);
        return user.runs.map(({ journal, ...run }) => {
          const then = journal.find(({ step }) => step === 'then');
          const found = journal.findLast(({ kind, status }) => kind === 'waitFor' && status === 'done');
          return { status: run.status, endedAt: run.endedAt, then: then?.enteredAt, found: then && found?.outcome };
        });
      };
      expect(await foundBy(waitingOnce)).toEqual(await foundBy(looping));
    }),
    { numRuns: 100 },
  ));
