import fc from 'fast-check';
import type { Journey, Steps } from '../authoring/journey';
import { plain, stepsInOrder, toJourney, type Node, type Plan } from '../testing/properties/plan';
import { plans } from '../testing/properties/random-journey';
import { explore, type DefectKind } from './index';

/** Steps that call the plan's steps under other names, in each round of a loop, and something else at one of them. */
function inRound(j: Steps<never>, round: number, at: string | null, planted: Defective): Steps<never> {
  return new Proxy(j, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== 'function') return method;
      return async (step: string, ...rest: readonly unknown[]): Promise<unknown> => {
        if (step === at) await planted(j);
        return Reflect.apply(method, target, [`${step} ${round}`, ...rest]) as unknown;
      };
    },
  });
}

type Defective = (j: Steps<never>) => Promise<unknown>;

interface Defect {
  readonly kind: DefectKind;
  readonly plant: Defective;
  /** What the journey declares. */
  readonly options?: Partial<Journey>;
}

let calls = 0;
const never = plain('Never');

const DEFECTS: readonly Defect[] = [
  { kind: 'error', plant: () => Promise.reject(new Error('planted')) },
  { kind: 'endless wait', plant: (j) => j.waitFor('planted', never) },
  { kind: 'nondeterminism', plant: (j) => j.award('planted', { points: calls++ }) },
  { kind: 'template', plant: (j) => j.send('planted', { inApp: 'missing' }) },
  {
    kind: 'template',
    plant: async (j) =>
      j.send('planted', { inApp: await j.pick('tone', ({ user }) => (user.points < -1 ? 'missing' : 'there')) }),
  },
  {
    kind: 'error',
    plant: async (j) => {
      const answer = await j.call('call', () => Promise.resolve(null as string | null), { examples: [null, 'late'] });
      if (answer === 'late') throw new Error('planted');
    },
  },
  {
    kind: 'error',
    plant: async (j) => {
      if ((await j.send('planted', { inApp: 'there' })).reason === 'no consent') throw new Error('planted');
    },
  },
  { kind: 'error', plant: (j) => j.waitFor('planted', { ...never, filters: [() => false] }, { within: '1 day' }) },
  {
    kind: 'budget',
    plant: (j) => j.send('planted', { inApp: 'there' }, { transactional: true }),
    options: { budget: { messages: 0, withinMs: 86_400_000 } },
  },
  {
    kind: 'end without goal',
    plant: () => Promise.resolve(),
    options: { goal: { event: 'Never', example: {}, withinMs: null, exit: false } },
  },
];

/** Every step of it can be reached. */
function reachable(steps: readonly Node[]): readonly Node[] {
  return steps
    .filter(({ kind }) => kind !== 'exit')
    .map((node) =>
      'then' in node ? { ...node, then: reachable(node.then), otherwise: reachable(node.otherwise) } : node,
    );
}

function looped(plan: Plan, rounds: number, plant: Defective | null, at: { round: number; step: number }): Journey {
  const steps = reachable(plan.steps);
  const names = stepsInOrder(steps);
  const base = toJourney({ ...plan, keyed: false, exit: [], goal: null, steps });
  return {
    ...base,
    run: async (j) => {
      for (let round = 1; round <= rounds; round++) {
        const step = round === at.round ? (names[at.step % names.length] ?? null) : null;
        await base.run(inRound(j, round, step, plant ?? (() => Promise.resolve())));
      }
    },
  };
}

const checked = {
  checkTemplate: ({ name }: { readonly name: string }) => (name === 'missing' ? ['there is none'] : []),
};
const random = plans('random', { effects: true, unbounded: false, triggers: ['Start'] }).filter(({ steps }) =>
  isBetween(1, stepsInOrder(reachable(steps)).length, 6),
);
const rounds = fc.integer({ min: 1, max: 3 });

function isBetween(least: number, value: number, most: number): boolean {
  return value >= least && value <= most;
}

it.each(DEFECTS.map((defect, index) => [`${index + 1}: ${defect.kind}`, defect] as const))(
  'a defect is found wherever it is planted, %s',
  (_, { kind, plant, options = {} }) =>
    fc.assert(
      fc.asyncProperty(random, rounds, fc.nat(), fc.nat(), async (plan, last, round, step) => {
        const candidate = looped(plan, last, plant, { round: (round % last) + 1, step });
        const { defects, bounds } = await explore({ ...candidate, ...options }, checked);
        fc.pre(!bounds.truncated);
        expect(defects.map((defect) => defect.kind)).toContain(kind);
      }),
      { numRuns: 10 },
    ),
);

it('a journey without a planted defect has none', () =>
  fc.assert(
    fc.asyncProperty(random, rounds, async (plan, last) => {
      const { defects } = await explore(looped(plan, last, null, { round: 0, step: 0 }), checked);
      expect(defects).toEqual([]);
    }),
    { numRuns: 20 },
  ));

it('a step that no path leads to is found behind any loop', () =>
  fc.assert(
    fc.asyncProperty(random, rounds, async (plan, last) => {
      const candidate = looped(plan, last, null, { round: 0, step: 0 });
      const { defects, bounds } = await explore({
        ...candidate,
        run: async (j: Steps<never>) => {
          await candidate.run(j);
          if (last > 3) await j.award('lost', { points: 1 });
        },
      });
      fc.pre(!bounds.truncated);
      expect(defects).toMatchObject([{ kind: 'unreached step', step: 'lost' }]);
    }),
    { numRuns: 10 },
  ));
