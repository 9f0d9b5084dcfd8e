import { compile } from '../outline/compile';
import fc from 'fast-check';
import { accountDeleted, projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { apply, edits } from '../testing/properties/random-edit';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { BEGIN, deeds, define, moments, policies, users, type Deed } from '../testing/properties/random-life';
import { StoredUser, type Keeping } from '../testing/properties/stored-user';
import { type Definitions } from '../definitions/definitions';
import { ENTER, LEAVE, MERGED } from '../user/commands';
import { journey, type Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';

/**
 * If very many events of a user are pending, the engine gets some at a time, in the order they were received. The result is the
 * same as with all of them at once, because everything that depends on the pending events waits.
 */

const WHATEVER: Ingredients = {
  effects: true,
  unbounded: false,
  triggers: ['Start', 'A', 'A counted', 'silence', 'stage idle', 'upgraded'],
};
const YEAR = 365 * 86_400_000;
const AFTER = BEGIN + 40 * 86_400_000;

const ids = ['first', 'second', 'third'] as const;
const threeJourneys = fc.tuple(plans('first', WHATEVER), plans('second', WHATEVER), plans('third', WHATEVER));
const orders = fc.record({
  what: fc.constantFrom('look', 'look', 'merge', ...ids.flatMap((id) => [`${ENTER}${id}`, `${LEAVE}${id}`])),
  at: moments,
});
const edit = fc.record({ what: fc.constant('edit' as const), at: moments, edit: edits(WHATEVER), told: fc.boolean() });
const fewAtOnce = fc.integer({ min: 1, max: 4 });

interface Act {
  readonly at: number;
  readonly act: (user: StoredUser, at: number) => Promise<void>;
}

async function applyCommand(
  user: StoredUser,
  { what, at }: { what: string; at: number },
  index: number,
): Promise<void> {
  if (what === 'look') await user.advance(at);
  else user.storeInternal(String(1_000_000 + index), what === 'merge' ? MERGED : what, at);
}

/** Lives a life that is advanced only now and then, so that many events are pending each time. */
async function live(user: StoredUser, life: readonly Deed[], acts: readonly Act[]): Promise<object> {
  const happenings = [
    ...life.map((deed) => ({ at: deed.receivedAt, happen: () => Promise.resolve(user.store(deed)) })),
    ...acts.map(({ at, act }) => ({ at, happen: () => act(user, at) })),
  ].sort((a, b) => a.at - b.at);
  for (const { happen } of happenings) await happen();
  await user.advance(AFTER);
  await user.passUntil(BEGIN + YEAR);
  await user.advance(BEGIN + YEAR);
  return user.outcome;
}

it.each(['awaited', 'awaited strictly', 'all'] as const)(
  'the number of events given at once does not change what is decided: %s',
  (pending) =>
    fc.assert(
      fc.asyncProperty(
        threeJourneys,
        deeds(22),
        fc.array(orders, { maxLength: 8, size: 'max' }),
        users,
        policies,
        fewAtOnce,
        async (initial, life, told, person, policy, atOnce) => {
          const definitions = await define(initial, { policy });
          const acts = told.map((one, index) => ({
            at: one.at,
            act: (user: StoredUser) => applyCommand(user, one, index),
          }));
          const keeping: Keeping = { pending, history: 'limited' };
          const few = await live(new StoredUser(person, definitions, { ...keeping, atOnce }), life, acts);
          expect(few).toEqual(await live(new StoredUser(person, definitions, keeping), life, acts));
        },
      ),
      { numRuns: 60 },
    ),
);

it('the number of events given at once does not change what is decided under edits', () =>
  fc.assert(
    fc.asyncProperty(
      threeJourneys,
      deeds(22),
      fc.array(fc.oneof(orders, edit), { maxLength: 9, size: 'max' }),
      users,
      policies,
      fewAtOnce,
      async (initial, life, told, person, policy, atOnce) => {
        const outcome = async (keeping: Keeping): Promise<object> => {
          let current: (typeof initial)[number][] = initial;
          const acts = told.map((one, index) => ({
            at: one.at,
            act: async (user: StoredUser) => {
              if (!('edit' in one)) return applyCommand(user, one, index);
              current = current.map((plan) => apply(plan, one.edit, index + 1));
              user.definitions = await define(current, { policy });
              if (one.told) await user.advance(one.at);
            },
          }));
          return live(new StoredUser(person, await define(current, { policy }), keeping), life, acts);
        };
        const keeping: Keeping = { pending: 'awaited', history: 'limited' };
        expect(await outcome({ ...keeping, atOnce })).toEqual(await outcome(keeping));
      },
    ),
    { numRuns: 120 },
  ));

const MINUTE = 60_000;

function deed(id: number, { name }: { readonly name: string }, receivedAt: number): Deed {
  return { id: String(id), name, at: receivedAt, receivedAt, properties: {} };
}

/** A user for whom two events are given at once. The journey `projects` reacts to each further event. */
async function person(...journeys: Journey[]): Promise<StoredUser> {
  const definitions: Definitions = await compile({
    journeys: [...journeys, journey('projects', { enter: projectCreated, reenter: 'always' }, async () => {})],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    ...unrestrained,
    traits: {},
  });
  const ada = { id: 'ada', traits: {}, reachable: ['email'] as const, createdAt: BEGIN };
  const user = new StoredUser(ada, definitions, { pending: 'awaited', history: 'limited', atOnce: 2 });
  const events = [signedUp, projectCreated, projectCreated, accountDeleted];
  for (const [index, event] of events.entries()) user.store(deed(index, event, BEGIN + index));
  return user;
}

it('no call is made while the event that ends the run is pending', async () => {
  const charged = journey('charged', { enter: signedUp, exit: [accountDeleted] }, async (j) => {
    await j.call('charge', () => Promise.resolve(1));
  });
  const user = await person(charged);
  expect((await user.advanceOnce(BEGIN + MINUTE)).effects.calls).toEqual([]);
});

it('nothing is sent while the event that ends the run is pending, even if its receiver has a clock that is ahead', async () => {
  const greeted = journey('greeted', { enter: signedUp, exit: [accountDeleted] }, async (j) => {
    await j.send('hello', { email: 'hello' });
  });
  const user = await person(greeted);
  expect((await user.advanceOnce(BEGIN)).effects.messages).toEqual([]);
});
