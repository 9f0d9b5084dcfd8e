import fc from 'fast-check';
import { deployments, editions, live } from '../testing/properties/edited-life';
import { stepsInOrder, type Plan } from '../testing/properties/plan';
import { apply, EVERY_KIND } from '../testing/properties/random-edit';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { deeds, define, policies, users } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import type { Run } from '../model/state';

const BOUNDED: Ingredients = {
  effects: true,
  unbounded: false,
  triggers: ['Start', 'A', 'A or B', 'A counted', 'silence', 'stage idle', 'upgraded'],
};
it('edits at any time strand no user, and no step is sent or decided twice', () =>
  fc.assert(
    fc.asyncProperty(
      fc.tuple(plans('first', BOUNDED), plans('second', BOUNDED)),
      deeds(),
      deployments(BOUNDED, EVERY_KIND, fc.boolean()),
      users,
      policies,
      async (initial, life, deploys, person, policy) => {
        const plansAfter = editions(initial, deploys);
        const user = new StoredUser(person, await define(initial, { policy }), {
          pending: 'awaited',
          history: 'limited',
        });
        await live(user, life, deploys, async ({ at, told }, count) => {
          user.definitions = await define(plansAfter[count] ?? [], { policy });
          if (told) await user.advance(at);
        });
        expect(user.runs.filter(({ endedAt }) => endedAt === null)).toEqual([]);
        expect([...user.messages.values()].filter(({ status }) => status === 'held')).toEqual([]);
      },
    ),
    { numRuns: 300 },
  ));

it('only new steps behind the position are skipped', () =>
  fc.assert(
    fc.asyncProperty(
      plans('only', BOUNDED),
      deeds(),
      deployments(BOUNDED, ['insert', 'remove', 'retime']),
      users,
      async (initial, life, deploys, person) => {
        let plan = initial;
        const user = new StoredUser(person, await define([plan]), { pending: 'awaited', history: 'limited' });
        await live(user, life, deploys, async ({ at, edit }, count) => {
          const before = user.runs.filter(({ endedAt }) => endedAt === null);
          plan = apply(plan, edit, count);
          user.definitions = await define([plan]);
          await user.advance(at);
          for (const run of before)
            expectPosition(
              run,
              user.runs.find(({ id }) => id === run.id),
              plan,
            );
        });
      },
    ),
    { numRuns: 300 },
  ));

function expectPosition(before: Run, after: Run | undefined, plan: Plan): void {
  const code = stepsInOrder(plan.steps);
  const passedOver = (record: Run['journal'][number]): boolean => record.reason === 'behind the position';
  const entered = before.journal.filter((record) => !passedOver(record)).map(({ step }) => step);
  const position = Math.max(-1, ...entered.map((step) => code.indexOf(step)));
  const added = (after?.journal ?? []).filter(({ step }) => !before.journal.some((record) => record.step === step));
  for (const record of added)
    expect([record, code.indexOf(record.step) < position]).toEqual([record, passedOver(record)]);
}
