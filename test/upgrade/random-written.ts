import fc from 'fast-check';
import { withoutCalls } from '../../engine/testing/properties/defined-plan';
import { apply, edits, type Edit } from '../../engine/testing/properties/random-edit';
import { plans, type Ingredients } from '../../engine/testing/properties/random-journey';
import { BEGIN, deeds, moments, users } from '../../engine/testing/properties/random-life';
import type { Plan } from '../../engine/testing/properties/plan';
import type { Deployed, Life, Place } from './life';

const MINUTE = 60_000;
const DAY = 86_400_000;

const EVERYTHING: Ingredients = {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'Start', 'A', 'A counted', 'silence', 'stage idle'],
};
const places = fc.record({ place: fc.nat(), before: fc.boolean() });

/** One change of the journeys that are in force. */
interface Change {
  readonly at: number;
  readonly told: boolean;
  readonly edit: Edit;
  /** A rollback: instead of the edit, the code before the last deployment. */
  readonly back: boolean;
  readonly throwsAt: Place | null;
  readonly paused: boolean;
  /** For the stored journey: another version is published, and users inside finish on the one before. */
  readonly publishes: boolean;
  readonly finish: boolean;
}

type Beginning = Pick<Deployed, 'plans' | 'throwsAt'> & { readonly stored: Plan | null; readonly paused: boolean };

const changes = (throwsAt: fc.Arbitrary<Place | null>): fc.Arbitrary<readonly Change[]> =>
  fc
    .array(
      fc.record({
        at: fc.oneof(
          moments,
          fc.integer({ min: 0, max: 4 * 24 * 60 }).map((minute) => BEGIN + minute * MINUTE + 40_000),
        ),
        told: fc.boolean(),
        edit: edits(EVERYTHING),
        back: fc.nat({ max: 4 }).map((n) => n === 0),
        throwsAt,
        paused: fc.boolean(),
        publishes: fc.boolean(),
        finish: fc.boolean(),
      }),
      { minLength: 1, maxLength: 5, size: 'max' },
    )
    .map((list) => list.map((one, index) => ({ ...one, at: one.at + index })).sort((a, b) => a.at - b.at));

/** The deployments that the changes make, in order. */
function deployedOf({ plans: first, throwsAt, stored, paused }: Beginning, list: readonly Change[]): Deployed[] {
  const begun: Deployed = {
    at: 0,
    told: true,
    plans: first,
    throwsAt,
    stored: stored && { paused, versions: [{ plan: stored, finish: false }] },
  };
  return list.reduce<Deployed[]>(
    (all, change, index) => {
      const before = all.at(-1) ?? begun;
      const edited = before.plans.map((plan) => apply(plan, change.edit, index + 1));
      return [
        ...all,
        {
          at: change.at,
          told: change.told,
          plans: (change.back ? all.at(-2)?.plans : undefined) ?? edited,
          throwsAt: change.throwsAt,
          stored: before.stored && publish(before.stored, change, index + 1),
        },
      ];
    },
    [begun],
  );
}

function publish({ versions }: NonNullable<Deployed['stored']>, change: Change, count: number): Deployed['stored'] {
  const last = versions.at(-1);
  const plan = last && withoutCalls(apply(last.plan, change.edit, count));
  // A definition has at least one step.
  const fits = plan !== undefined && plan.steps.length > 0 && change.publishes;
  return { paused: change.paused, versions: fits ? [...versions, { plan, finish: change.finish }] : versions };
}

/** Times at which another release takes over: some very early, some a while after a deployment. */
const takeovers = fc.record({
  minute: fc.oneof(fc.integer({ min: 0, max: 9 * 24 * 60 }), fc.integer({ min: 0, max: 24 * 60 })),
  early: fc.nat({ max: 5 }).map((n) => n === 0),
  after: fc.option(fc.nat()),
  downFor: fc.constantFrom(0, 0, 0, 0, 90 * MINUTE, DAY),
});

/** The life with the times of the takeover, which differ from those of deeds and deployments. */
function withTakeover(
  life: Omit<Life, 'down' | 'upgrade'>,
  { minute, early, after, downFor }: typeof takeovers extends fc.Arbitrary<infer T> ? T : never,
): Life {
  const from = after === null ? BEGIN : Math.max(BEGIN, life.deployed[after % life.deployed.length]?.at ?? BEGIN);
  const upgrade = early ? BEGIN + 10_000 : from - (from % MINUTE) + minute * MINUTE + 55_000;
  return { ...life, upgrade, down: Math.max(BEGIN + 5_000, upgrade - downFor) };
}

function lives(beginning: fc.Arbitrary<Beginning>, throwsAt: fc.Arbitrary<Place | null>): fc.Arbitrary<Life> {
  return fc
    .record({
      beginning,
      list: changes(throwsAt),
      deeds: deeds(),
      person: users,
      policy: fc.constantFrom<Life['policy']>('usual', 'never quiet', 'strict', 'nearly always quiet'),
      takeover: takeovers,
      silentCalls: fc.boolean(),
      addressesCome: fc.boolean(),
    })
    .map(({ beginning: begun, list, takeover, ...life }) =>
      withTakeover({ ...life, deployed: deployedOf(begun, list) }, takeover),
    );
}

const twoPlans = fc.tuple(
  plans('first', EVERYTHING).filter(({ steps }) => steps.length > 0),
  plans('second', EVERYTHING),
);
const ofData = plans('stored', { ...EVERYTHING, triggers: ['Start', 'Start', 'A', 'silence'] })
  .map(withoutCalls)
  .filter(({ steps }) => steps.length > 0);

/**
 * Lives by kind. `edited`: the journeys are edited. `broken`: journeys throw, and may be fixed later. `stored`: a stored journey
 * is paused and published.
 */
export const LIVES: Readonly<Record<string, fc.Arbitrary<Life>>> = {
  edited: lives(
    fc.record({ plans: twoPlans, throwsAt: fc.constant(null), stored: fc.constant(null), paused: fc.constant(false) }),
    fc.constant(null),
  ),
  broken: lives(
    fc.record({ plans: twoPlans, throwsAt: fc.option(places), stored: fc.constant(null), paused: fc.constant(false) }),
    fc.option(places, { freq: 2 }),
  ),
  stored: lives(
    fc.record({
      plans: fc.tuple(plans('first', EVERYTHING)),
      throwsAt: fc.constant(null),
      stored: ofData,
      paused: fc.boolean(),
    }),
    fc.constant(null),
  ),
};
