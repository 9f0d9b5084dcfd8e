import fc from 'fast-check';
import { stepsInOrder, type Plan } from '../../test/engine/plan';
import { apply, EVERY_KIND, edits, type Edit } from '../../test/engine/random-edit';
import { plans, type Ingredients } from '../../test/engine/random-journey';
import { BEGIN, deeds, define, moments, policies, users, type Deed } from '../../test/engine/random-life';
import { StoredUser } from '../../test/engine/stored-user';
import type { Run } from '../state';

const BOUNDED: Ingredients = {
  effects: true,
  unbounded: false,
  triggers: ['Start', 'A', 'A counted', 'silence', 'stage idle'],
};
const YEAR = 365 * 86_400_000;

interface Deployment {
  readonly at: number;
  readonly edit: Edit;
  /** Everybody is told at once, or only when something happens to them. */
  readonly told: boolean;
}

function deployments(kinds = EVERY_KIND): fc.Arbitrary<readonly Deployment[]> {
  const deployment = fc.record({ at: moments, edit: edits(BOUNDED, kinds), told: fc.boolean() });
  return fc
    .array(deployment, { minLength: 1, maxLength: 6, size: 'max' })
    .map((list) => list.map((one, index) => ({ ...one, at: one.at + index })).sort((a, b) => a.at - b.at));
}

/** Lives a life on time, under journeys that change on the way. */
async function live(
  user: StoredUser,
  life: readonly Deed[],
  deploys: readonly Deployment[],
  deploy: (deployment: Deployment, count: number) => Promise<void>,
): Promise<void> {
  const happenings = [
    ...life.map((deed) => ({ at: deed.receivedAt, happen: () => user.receive(deed) })),
    ...deploys.map((deployment, index) => ({ at: deployment.at, happen: () => deploy(deployment, index + 1) })),
  ].sort((a, b) => a.at - b.at);
  for (const { at, happen } of happenings) {
    await user.passUntil(at - 1);
    await happen();
  }
  await user.passUntil(BEGIN + YEAR);
}

it('nobody is ever stranded, and nothing is sent or decided twice, whatever is edited when', () =>
  fc.assert(
    fc.asyncProperty(
      fc.tuple(plans('first', BOUNDED), plans('second', BOUNDED)),
      deeds(),
      deployments(),
      users,
      policies,
      async (initial, life, deploys, person, policy) => {
        let current: readonly Plan[] = initial;
        const user = new StoredUser(person, await define(current, { policy }), {
          pending: 'awaited',
          history: 'limited',
        });
        await live(user, life, deploys, async ({ at, edit, told }, count) => {
          current = current.map((plan) => apply(plan, edit, count));
          user.definitions = await define(current, { policy });
          if (told) await user.advance(at);
        });
        expect(user.runs.filter(({ endedAt }) => endedAt === null)).toEqual([]);
        expect([...user.messages.values()].filter(({ status }) => status === 'held')).toEqual([]);
      },
    ),
    { numRuns: 300 },
  ));

it('new steps behind the position are skipped, and only those', () =>
  fc.assert(
    fc.asyncProperty(
      plans('only', BOUNDED),
      deeds(),
      deployments(['insert', 'remove', 'retime']),
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
