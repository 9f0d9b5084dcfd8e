import fc from 'fast-check';
import type { Templates } from '../../activities/templates/load';
import { exploreWith } from '../../cli/explore-journey';
import { ended } from '../authoring/ended';
import type { Journey, Steps } from '../authoring/journey';
import { journeyDefinition } from '../json/schema';
import { toJourney as toDefined } from '../json/to-journey';
import { trait } from '../model/trait-time';
import { toDefinition, withoutCalls } from '../testing/properties/defined-plan';
import { EVENTS, plain, stepsInOrder, toJourney, type Node, type Plan } from '../testing/properties/plan';
import { plans } from '../testing/properties/random-journey';
import { tampered } from '../testing/properties/tampered';
import { waysThrough } from '../testing/properties/ways-through';
import { explore, type DefectKind, type Exploration } from './index';

/** `explore --check` fails for each kind of defect, wherever it stands in a journey, and for no journey without one. */

/** So that all paths are walked in a moment, in each round of a loop, and none is cut off. */
const MOST_WAYS = 8;
const MOST_STEPS = 12;

/** Random journeys in which every step can be reached, and every path returns. */
const soundPlans = plans('sound', { effects: true, unbounded: false, triggers: ['Start'] })
  .map((plan): Plan => ({ ...plan, keyed: false, exit: [], goal: null, steps: reachable(plan.steps) }))
  .filter(({ steps }) => steps.length > 0 && stepsInOrder(steps).length <= MOST_STEPS)
  .filter(({ steps }) => waysThrough(steps).on <= MOST_WAYS);

function reachable(nodes: readonly Node[]): readonly Node[] {
  return nodes
    .filter(({ kind }) => kind !== 'exit')
    .map((node) => {
      if (!('then' in node)) return node;
      const branches = { then: reachable(node.then), otherwise: reachable(node.otherwise) };
      if (node.kind !== 'waitFor') return { ...node, ...branches };
      // A wait for the end of a journey that was not started is over at once.
      return { ...node, ...branches, names: node.names.map((name) => (name.startsWith('end of') ? 'D' : name)) };
    });
}

/** A random journey in a loop of some rounds, and a step in one of them. */
interface Place {
  readonly plan: Plan;
  readonly rounds: number;
  readonly round: number;
  readonly step: string;
}

const places: fc.Arbitrary<Place> = fc
  .record({ plan: soundPlans, rounds: fc.integer({ min: 1, max: 3 }), round: fc.nat(), step: fc.nat() })
  .map(({ plan, rounds, round, step }) => {
    const names = stepsInOrder(plan.steps);
    return { plan, rounds, round: (round % rounds) + 1, step: names[step % names.length] ?? '' };
  });

/** Something that a journey's code does before a step. */
type Deed = (j: Steps) => Promise<unknown>;

/** The journey, which does something at the place. */
function planted({ plan, rounds, round: where, step }: Place, deed: Deed | null): Journey {
  const base = toJourney(plan);
  const defective = tampered(base, step, async (j, call) => {
    await deed?.(j);
    return call();
  });
  return {
    ...base,
    run: async (j) => {
      for (let round = 1; round <= rounds; round++) await (round === where ? defective : base).run(inRound(j, round));
    },
  };
}

/** The steps under the names of a round of a loop. */
function inRound(j: Steps<never>, round: number): Steps<never> {
  return new Proxy(j, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== 'function') return method;
      return (step: string, ...rest: readonly unknown[]): unknown =>
        Reflect.apply(method, target, [`${step} in round ${round}`, ...rest]);
    },
  });
}

interface Defect {
  readonly kind: DefectKind;
  readonly deed: Deed;
  /** What both the sound and the defective journey are made of. */
  readonly from?: (place: Place) => Place;
  /** What the sound journey does at the place. */
  readonly soundDeed?: Deed;
  /** What both declare, and what they do beside. */
  readonly with?: (journey: Journey) => Journey;
}

/** Different in each replay. */
let turn = 0;
const never = plain('Never');
const thrown = (): Promise<never> => Promise.reject(new Error('planted'));
const RETURNED = new Error('returned');
const DAY_MS = 86_400_000;

/** Every path ends with an exit, unless the code returns before. */
const exited = (journey: Journey): Journey => ({
  ...journey,
  goal: { event: 'Never', example: {}, withinMs: null, exit: false },
  run: async (j) => {
    try {
      await journey.run(j);
    } catch (error) {
      if (error === RETURNED) return;
      throw error;
    }
    await j.exit('over');
  },
});

const sends =
  (times: number): Deed =>
  async (j) => {
    for (let time = 1; time <= times; time++) await j.send(`mail ${time}`, { inApp: 'there' }, { transactional: true });
  };
const budgetOf =
  (messages: number) =>
  (journey: Journey): Journey => ({ ...journey, budget: { messages, withinMs: 9 * DAY_MS } });
const without =
  (kind: Node['kind']) =>
  (place: Place): Place => {
    const strip = (nodes: readonly Node[]): readonly Node[] =>
      nodes.map((node) => {
        if (node.kind === kind) return { kind: 'award', step: node.step };
        return 'then' in node ? { ...node, then: strip(node.then), otherwise: strip(node.otherwise) } : node;
      });
    return { ...place, plan: { ...place.plan, steps: strip(place.plan.steps) } };
  };
const withoutSends = without('send');

const DEFECTS: Readonly<Record<string, Defect>> = {
  'an error': { kind: 'error', deed: thrown },
  'an error behind one answer of a call': {
    kind: 'error',
    deed: async (j) => {
      const examples = [null, 'late'];
      if ((await j.call('call', () => Promise.resolve<string | null>(null), { examples })) === 'late') await thrown();
    },
  },
  'an error behind one reason of a message that is not sent': {
    kind: 'error',
    deed: async (j) => {
      if ((await j.send('mail', { email: 'there' })).reason === 'no consent') await thrown();
    },
  },
  'an error in a check': { kind: 'error', deed: (j) => j.check('check', () => (undefined as unknown as Plan).keyed) },
  'a wait without end': { kind: 'endless wait', deed: (j) => j.waitFor('wait', never) },
  'a return without the goal': { kind: 'end without goal', deed: () => Promise.reject(RETURNED), with: exited },
  'a step that differs from replay to replay': {
    kind: 'nondeterminism',
    deed: (j) => j.award('award', { points: turn++ }),
  },
  'a step that is called in some replays only': {
    kind: 'nondeterminism',
    deed: async (j) => {
      if (turn++ % 3 > 0) await j.award('award', { points: 1 });
    },
  },
  'a check that differs from time to time': {
    kind: 'nondeterminism',
    deed: (j) => j.check('check', () => turn++ % 2 === 0),
  },
  'a template that does not render': { kind: 'template', deed: (j) => j.send('mail', { inApp: 'missing' }) },
  'a template that does not render on one path': {
    kind: 'template',
    deed: async (j) => {
      const came = await j.waitFor('wait', plain('Named'), { within: '1 day' });
      return j.send('mail', { inApp: 'needs a name' }, { data: came ? { name: 'Ada' } : {} });
    },
  },
  'a missing template, named by a pick': {
    kind: 'template',
    deed: async (j) => {
      const tone = await j.pick('tone', ({ user }) => (user.points < -1 ? 'missing' : 'there'));
      return j.send('mail', { inApp: tone });
    },
  },
  'a template, named by a pick of which not every value is known': {
    kind: 'template',
    deed: async (j) => {
      const tone = await j.pick('tone', ({ user }) => `tone-of-${user.id}`);
      return j.send('mail', { inApp: tone });
    },
  },
  'a filter that no example passes': {
    kind: 'error',
    deed: (j) => j.waitFor('wait', { ...never, filters: [() => false] }, { within: '1 day' }),
  },
  'a message over the budget': {
    kind: 'budget',
    from: withoutSends,
    with: budgetOf(2),
    soundDeed: sends(2),
    deed: sends(3),
  },
  'a message without a channel': { kind: 'send without channel', deed: (j) => j.send('mail', {}) },
  'a wait for a trait without an example': {
    kind: 'unknown trait',
    deed: (j) => j.sleepUntil('sleep', trait('trialEnd')),
    soundDeed: (j) => j.sleepUntil('sleep', trait('trialEndsAt')),
  },
  'a wait for the end of a journey that is not started': {
    kind: 'unknown journey',
    from: without('start'),
    deed: (j) => j.waitFor('wait', ended('course'), { within: '1 day' }),
  },
  'a loop that is cut off before the budget is proven': {
    kind: 'budget',
    from: withoutSends,
    with: budgetOf(1_000),
    soundDeed: sends(2),
    deed: async (j) => {
      // Its rounds differ, so none goes on as another one does.
      for (let word = 1; ; word++) await j.send(`word ${word}`, { inApp: `word-${word}` }, { transactional: true });
    },
  },
};

function explored(journey: Journey): Promise<Exploration> {
  return explore(journey, {
    with: { traits: { trialEndsAt: '2026-01-19T12:00:00Z' } },
    checkTemplate: ({ name, context: { data } }) =>
      name === 'missing' || (name === 'needs a name' && !('name' in data)) ? [`'${name}' does not render`] : [],
  });
}

const NOTHING_ELSE = { from: (place: Place) => place, with: (journey: Journey) => journey };

it.each(Object.entries(DEFECTS))('%s is found wherever it is planted', (_, defect) => {
  const { kind, deed, from, with: finished } = { ...NOTHING_ELSE, ...defect };
  return fc.assert(
    fc.asyncProperty(places, async (place) => {
      const { defects, bounds } = await explored(finished(planted(from(place), deed)));
      expect(bounds.truncated).toBe(false);
      expect(defects.map((found) => found.kind)).toContain(kind);
    }),
    { numRuns: 8 },
  );
});

it('a step that no path leads to is found wherever it is planted', () =>
  fc.assert(
    fc.asyncProperty(places, async ({ plan, step }) => {
      const lost = withLost(withoutCalls(plan).steps, step);
      fc.pre(stepsInOrder(lost).includes('lost'));
      const definition = journeyDefinition.parse(JSON.parse(JSON.stringify(toDefinition({ ...plan, steps: lost }))));
      const catalogue = new Map([...EVENTS, 'D'].map((name) => [name, plain(name)]));
      const { defects } = await explored(toDefined(plan.id, definition, catalogue));
      expect(defects).toContainEqual(expect.objectContaining({ kind: 'unreached step', step: 'lost' }));
    }),
    { numRuns: 12 },
  ));

/** The steps with an exit before one of them, and a step between the two. */
function withLost(nodes: readonly Node[], where: string): readonly Node[] {
  return nodes.flatMap((node): readonly Node[] => {
    if (node.step === where) return [{ kind: 'exit', step: 'out' }, { kind: 'award', step: 'lost' }, node];
    if (!('then' in node)) return [node];
    return [{ ...node, then: withLost(node.then, where), otherwise: withLost(node.otherwise, where) }];
  });
}

it('a step that no path leads to is found behind any loop', () =>
  fc.assert(
    fc.asyncProperty(places, async (place) => {
      const { rounds } = place;
      const sound = planted(place, null);
      const run: Journey['run'] = async (j: Steps<never>) => {
        await sound.run(j);
        if (rounds > 3) await j.award('lost', { points: 1 });
      };
      const { defects } = await explored({ ...sound, run });
      expect(defects).toMatchObject([{ kind: 'unreached step', step: 'lost' }]);
    }),
    { numRuns: 8 },
  ));

it('a template that nobody sends is found beside all that are sent', () =>
  fc.assert(
    fc.asyncProperty(places, async (place) => {
      const journey = planted(place, null);
      const sent = sentIn(place.plan.steps);
      expect((await exploreWith(folderWith(sent), journey, {})).defects).toEqual([]);
      const { defects } = await exploreWith(folderWith([...sent, { channel: 'inApp', name: 'old' }]), journey, {});
      expect(defects).toMatchObject([{ kind: 'unreached template', channel: 'inApp' }]);
    }),
    { numRuns: 8 },
  ));

function sentIn(nodes: readonly Node[]): ReturnType<Templates['ownOf']> {
  return nodes.flatMap((node) => {
    if (node.kind === 'send') return node.channels.map((channel) => ({ channel, name: node.template }));
    return 'then' in node ? [...sentIn(node.then), ...sentIn(node.otherwise)] : [];
  });
}

/** A folder of templates, all of which render. */
function folderWith(own: ReturnType<Templates['ownOf']>): Templates {
  return {
    get: () => ({ fields: {}, render: () => ({}), flaws: () => [] }) as never,
    languagesOf: () => [],
    ownOf: () => own,
    answersRead: {},
  };
}

it('a journey without a planted defect has none', () =>
  fc.assert(
    fc.asyncProperty(places, fc.constantFrom(...Object.values(DEFECTS)), async (place, defect) => {
      const { soundDeed = null, from, with: finished } = { ...NOTHING_ELSE, ...defect };
      expect((await explored(finished(planted(from(place), soundDeed)))).defects).toEqual([]);
    }),
    { numRuns: 20 },
  ));
