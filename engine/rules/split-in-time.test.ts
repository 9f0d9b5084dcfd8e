import fc from 'fast-check';
import { BEGIN, deeds, define, moments, policies, users, type Deed } from '../testing/properties/random-life';
import type { Plan } from '../testing/properties/plan';
import { onceOnly, plans, type Ingredients } from '../testing/properties/random-journey';
import { StoredUser, type Keeping } from '../testing/properties/stored-user';

const EVERYTHING: Ingredients = {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'A', 'A counted', 'silence', 'stage idle', 'upgraded'],
};
/** Without effects, which happen at wall time, and without silence, which later activity hides from a late advance. */
const TIMELESS: Ingredients = {
  effects: false,
  unbounded: true,
  triggers: ['Start', 'A', 'A counted', 'stage idle', 'upgraded'],
};

const SERVER: Keeping = { pending: 'awaited', history: 'limited' };
const FEW_AT_ONCE: Keeping = { ...SERVER, atOnce: 2 };
const MEMORY: Keeping = { pending: 'all', history: 'complete' };
const YEAR = 365 * 86_400_000;

const journeys = (ingredients: Ingredients): fc.Arbitrary<readonly Plan[]> =>
  fc.tuple(plans('first', ingredients), plans('second', ingredients), plans('third', ingredients));
const fewMoments = fc.array(moments, { maxLength: 8, size: 'max' }).map((list) => list.sort((a, b) => a - b));

/** Lives a life on time, with further calls of `advance` that decide nothing. */
async function live(user: StoredUser, life: readonly Deed[], furtherCalls: readonly number[] = []): Promise<void> {
  const happenings = [
    ...life.map((deed) => ({ at: deed.receivedAt, happen: () => user.receive(deed) })),
    ...furtherCalls.map((at) => ({ at, happen: () => callInVain(user, at) })),
  ].sort((a, b) => a.at - b.at);
  for (const { at, happen } of happenings) {
    await user.passUntil(at - 1);
    await happen();
  }
  await user.passUntil(BEGIN + YEAR);
  await user.advance(BEGIN + YEAR);
}

async function callInVain(user: StoredUser, at: number): Promise<void> {
  const before = user.outcome;
  await user.advance(at);
  // Activity may have moved the end of a silence without a call, so the engine may ask to be woken later than before.
  expect(user.outcome).toEqual({ ...before, wakeAt: user.wakeAt });
}

/** Lives a life that is advanced only at these times, and at its end. */
async function liveUnwatched(user: StoredUser, life: readonly Deed[], looks: readonly number[]): Promise<void> {
  const happenings = [
    ...life.map((deed) => ({ at: deed.receivedAt, happen: () => Promise.resolve(user.store(deed)) })),
    ...looks.map((at) => ({ at, happen: () => user.advance(at) })),
  ].sort((a, b) => a.at - b.at);
  for (const { happen } of happenings) await happen();
  await user.advance(BEGIN + YEAR);
}

it('further calls in between do not change what is decided', () =>
  fc.assert(
    fc.asyncProperty(
      journeys(EVERYTHING),
      deeds(),
      fewMoments,
      users,
      policies,
      async (plans, life, calls, person, policy) => {
        const definitions = await define(plans, { policy });
        const calm = new StoredUser(person, definitions, SERVER);
        const busy = new StoredUser(person, definitions, SERVER);
        await live(calm, life);
        await live(busy, life, calls);
        expect(busy.outcome).toEqual(calm.outcome);
      },
    ),
    { numRuns: 120 },
  ));

it('loading a limited history, and waking only for awaited events, does not change what is decided', () =>
  fc.assert(
    fc.asyncProperty(journeys(EVERYTHING), deeds(), users, policies, async (plans, life, person, policy) => {
      const definitions = await define(plans, { policy });
      const server = new StoredUser(person, definitions, SERVER);
      const memory = new StoredUser(person, definitions, MEMORY);
      await live(server, life);
      await live(memory, life);
      expect(server.advances).toBeLessThanOrEqual(memory.advances);
      expect(server.outcome).toEqual(memory.outcome);
    }),
    { numRuns: 120 },
  ));

it.each([
  ['on the server', SERVER],
  ['on the server, given few events at once', FEW_AT_ONCE],
  ['in memory', MEMORY],
])('late calls do not change what is decided: %s', (_, keeping) =>
  fc.assert(
    fc.asyncProperty(journeys(TIMELESS), deeds(), fewMoments, users, async (plans, life, looks, person) => {
      const definitions = await define(plans, { silence: false });
      const timely = new StoredUser(person, definitions, keeping);
      const late = new StoredUser(person, definitions, keeping);
      await live(timely, life);
      await liveUnwatched(late, life, looks.slice(0, 3));
      expect(late.outcome).toEqual(timely.outcome);
    }),
    { numRuns: 100 },
  ),
);

it('waits, exits and goals find events that were not awaited when they came', () => {
  const once = onceOnly('only', { ...TIMELESS, triggers: ['Start'] }).filter(
    (plan) => !JSON.stringify(plan).includes('"*"'),
  );
  return fc.assert(
    fc.asyncProperty(once, deeds(), fewMoments, users, async (plan, life, looks, person) => {
      const definitions = await define([plan], { stages: false });
      const keeping: Keeping = { pending: 'awaited strictly', history: 'limited' };
      const timely = new StoredUser(person, definitions, keeping);
      const late = new StoredUser(person, definitions, keeping);
      await live(timely, life);
      await liveUnwatched(late, life, looks);
      expect(late.outcome).toEqual(timely.outcome);
    }),
    { numRuns: 200 },
  );
});

// Only one run, because another run of the user may depend on what follows a late call, such as points.
it('late messages are sent at wall time, and the steps before them are decided as if on time', () =>
  fc.assert(
    fc.asyncProperty(onceOnly('only', EVERYTHING), deeds(), fewMoments, users, async (plan, life, looks, person) => {
      const definitions = await define([{ ...plan, trigger: 'Start' }], { silence: false });
      const timely = new StoredUser(person, definitions, SERVER);
      const late = new StoredUser(person, definitions, FEW_AT_ONCE);
      await live(timely, life);
      // The stored user refuses a message that is decided for any other time than now.
      await liveUnwatched(late, life, looks.slice(0, 3));
      for (const { id, journal } of timely.runs) {
        const effect = journal.findIndex(({ kind }) => kind === 'send' || kind === 'call');
        const before = journal.slice(0, effect === -1 ? journal.length : effect);
        expect(late.runs.find((run) => run.id === id)?.journal.slice(0, before.length)).toEqual(before);
      }
    }),
    { numRuns: 100 },
  ));
