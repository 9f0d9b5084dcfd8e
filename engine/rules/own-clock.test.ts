import fc from 'fast-check';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { BEGIN, deeds, define, policies, users, type Deed } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import type { Definitions } from '../definitions/definitions';
import type { MemoryUser } from '../testing/memory-host';
import { policy } from '../policy/define';

/** Rule 8, for any life: what is decided depends on the clock it is given, and on no other. */

const YEAR = 365 * 86_400_000;
const WEEK = 7 * 86_400_000;
const EVERYTHING: Ingredients = {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'A', 'A counted', 'silence', 'stage idle'],
};
const anyTwo = fc.tuple(plans('first', EVERYTHING), plans('second', EVERYTHING));
/** Without what looks at a calendar. */
const spansOnly = anyTwo.filter((two) => !JSON.stringify(two).includes('sleepUntil'));

/** Lives a life that is shifted as a whole. */
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

/** What came of it, shifted back. Ids are made of moments where silence lets people enter: they are left out. */
function shiftedBack({ outcome }: StoredUser, shift: number): unknown {
  const back = (_: string, value: unknown): unknown =>
    typeof value === 'number' && value > 1e11 ? value - shift : value;
  const list = (items: unknown): string[] =>
    (items as object[]).map((item) => JSON.stringify({ ...item, id: 0, runId: 0, trigger: 0 }, back)).sort();
  const { runs, messages, memory, ...rest } = outcome as Record<string, unknown>;
  const withoutIds = JSON.stringify([memory, rest], (key, value: unknown) =>
    key === 'trigger' ? 0 : back(key, value),
  );
  return [list(runs), list(messages), withoutIds];
}

it('a life that is shifted by any time, and its clock with it, comes out the same, shifted', () =>
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

it('by whole weeks also where it looks at the calendar, in a zone without daylight saving', () =>
  fc.assert(
    fc.asyncProperty(
      anyTwo,
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

/** Meanwhile whoever asks the machine for the time, or for a random number, gets an error, and can't hide it. */
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

it('neither the time of the machine nor chance is ever asked', () =>
  fc.assert(
    fc.asyncProperty(anyTwo, deeds(), users, policies, async (two, life, person, limits) => {
      await withoutMachine(async () => live(person, life, await define(two, { policy: limits })));
    }),
    { numRuns: 60 },
  ));
