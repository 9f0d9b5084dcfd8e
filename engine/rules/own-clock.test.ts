import fc from 'fast-check';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { BEGIN, deeds, define, policies, users, type Deed } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import type { Definitions } from '../definitions/definitions';
import type { MemoryUser } from '../testing/memory-host';
import { policy } from '../policy/define';

/** Rule 8, for any life: decisions depend on the injected clock only. */

const YEAR = 365 * 86_400_000;
const WEEK = 7 * 86_400_000;
const EVERYTHING: Ingredients = {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'A', 'A counted', 'silence', 'stage idle', 'upgraded'],
};
const anyTwo = fc.tuple(plans('first', EVERYTHING), plans('second', EVERYTHING));
/** Journeys without steps that depend on the calendar. */
const spansOnly = anyTwo.filter((two) => !/sleepUntil|"until"/.test(JSON.stringify(two)));

/** Journeys without instants and days of the month, which do not shift by weeks. */
const weeklyOnly = anyTwo.filter(
  (two) => !/"(when|until)":("|\{"(before|after)"|[^}]*"day":)/.test(JSON.stringify(two)),
);

/** Lives a life with all times shifted. `shift` is milliseconds. */
async function live(
  person: MemoryUser,
  life: readonly Deed[],
  definitions: Definitions,
  shift = 0,
): Promise<StoredUser> {
  const shifted = { ...person, createdAt: person.createdAt + shift };
  const user = new StoredUser(shifted, definitions, { pending: 'awaited', history: 'limited' });
  for (const deed of life) {
    const receivedAt = deed.receivedAt + shift;
    await user.passUntil(receivedAt - 1);
    await user.receive({ ...deed, at: deed.at + shift, receivedAt });
  }
  await user.passUntil(BEGIN + YEAR + shift);
  return user;
}

/** Fields that hold an id, or something that is made of one. */
const IDS: ReadonlySet<string> = new Set(['id', 'run', 'runId', 'trigger', 'cause']);

/** The outcome, shifted back. Ids are left out, because they depend on the time if silence lets users enter. */
function shiftedBack({ outcome }: StoredUser, shift: number): unknown {
  const back = (key: string, value: unknown): unknown => {
    if (IDS.has(key)) return 0;
    // The end of a started run has an id that is made of the run's.
    if (key === 'consumed') return (value as readonly string[]).length;
    return typeof value === 'number' && value > 1e11 ? value - shift : value;
  };
  const list = (items: unknown): string[] => (items as object[]).map((item) => JSON.stringify(item, back)).sort();
  const { runs, messages, tracked, chats, memory, ...rest } = outcome as Record<string, unknown>;
  return [list(runs), list(messages), list(tracked), list(chats), JSON.stringify([memory, rest], back)];
}

it('a life and its clock shifted by any time have the same outcome, shifted', () =>
  fc.assert(
    fc.asyncProperty(
      spansOnly,
      deeds(),
      users,
      fc.integer({ min: -20 * YEAR, max: 20 * YEAR }),
      async (two, life, person, shift) => {
        const definitions = await define(two, { policy: policy({ quietHours: null }) });
        const here = await live(person, life, definitions);
        const there = await live(person, life, definitions, shift);
        expect(shiftedBack(there, shift)).toEqual(shiftedBack(here, 0));
      },
    ),
    { numRuns: 120 },
  ));

it('the same holds for steps that depend on the calendar, shifted by whole weeks in a zone without daylight saving', () =>
  fc.assert(
    fc.asyncProperty(
      weeklyOnly,
      deeds(),
      users,
      policies,
      fc.integer({ min: -900, max: 900 }),
      async (two, life, person, limits, weeks) => {
        const definitions = await define(two, { policy: limits });
        const inUtc = { ...person, traits: {} };
        const here = await live(inUtc, life, definitions);
        const there = await live(inUtc, life, definitions, weeks * WEEK);
        expect(shiftedBack(there, weeks * WEEK)).toEqual(shiftedBack(here, 0));
      },
    ),
    { numRuns: 120 },
  ));

/**
 * Runs the work while the machine's clock and random numbers throw errors. Fails if they were used, even if the error was
 * caught.
 */
async function withoutMachine<Result>(work: () => Promise<Result>): Promise<Result> {
  let asked = 0;
  const refuse = (): never => {
    asked++;
    throw new Error('The machine was asked.');
  };
  const { Date: RealDate } = globalThis;
  const chance = jest.spyOn(Math, 'random').mockImplementation(refuse);
  const timer = jest.spyOn(performance, 'now').mockImplementation(refuse);
  globalThis.Date = new Proxy(RealDate, {
    get: (target, property) => (property === 'now' ? refuse : (Reflect.get(target, property) as unknown)),
    apply: refuse,
    construct: (target, given: number[]) =>
      given.length === 0 ? refuse() : (Reflect.construct(target, given) as Date),
  });
  try {
    const result = await work();
    expect(asked).toBe(0);
    return result;
  } finally {
    globalThis.Date = RealDate;
    for (const spy of [chance, timer]) spy.mockRestore();
  }
}

it("neither the machine's clock nor random numbers are used", () =>
  fc.assert(
    fc.asyncProperty(anyTwo, deeds(), users, policies, async (two, life, person, limits) => {
      await withoutMachine(async () => live(person, life, await define(two, { policy: limits })));
    }),
    { numRuns: 60 },
  ));
