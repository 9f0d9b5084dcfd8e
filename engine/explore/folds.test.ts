import fc from 'fast-check';
import { lifecycle } from '../authoring/lifecycle';
import type { OccurrenceOf } from '../authoring/event';
import type { Journey, JourneyOptions, Steps } from '../authoring/journey';
import { journey, policy } from '../index';
import { compile } from '../outline/compile';
import { projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { toJourney, type Plan } from '../testing/properties/plan';
import { plans } from '../testing/properties/random-journey';
import { explore, type Exploration } from './index';
import { walked, type Manner, type Surveyed } from './surveyed';

type SignedUp = Steps<OccurrenceOf<typeof signedUp>>;

function explored(
  run: (j: SignedUp) => Promise<void>,
  options: Partial<JourneyOptions<typeof signedUp>> = {},
  more: Parameters<typeof explore>[1] = {},
): Promise<Exploration> {
  return explore(journey('explored', { enter: signedUp, ...options }, run), more);
}

const WITHIN = { within: '7 days', since: 'now' } as const;

describe('a loop', () => {
  it('without end is walked once around, and its budget is proven', async () => {
    const { bounds, defects, longestMs, messages } = await explored(
      async (j) => {
        for (let week = 1; ; week++) {
          if (!(await j.waitFor(`project ${week}`, projectCreated, WITHIN)))
            await j.send(`nudge ${week}`, { inApp: 'nudge' });
          else if (await j.check(`enough ${week}`, () => true)) return j.exit(`after ${week}`);
        }
      },
      { budget: { messages: 5, within: '30 days' } },
    );
    expect(defects).toEqual([]);
    expect(bounds).toMatchObject({ truncated: false, cut: 0 });
    expect(bounds.folded).toBeGreaterThan(0);
    expect(longestMs).toBeNull();
    expect(messages.inApp).toMatchObject({ week: 1, path: Infinity });
  });

  it('in another loop leaves the budget proven, and one message too many is found', async () => {
    const run = async (j: SignedUp): Promise<void> => {
      for (let month = 1; ; month++) {
        for (let week = 1; week <= 4; week++)
          if (!(await j.waitFor(`project ${month}.${week}`, projectCreated, WITHIN)))
            await j.send(`nudge ${month}.${week}`, { inApp: 'nudge' });
        await j.sleep(`rest ${month}`, '30 days');
      }
    };
    expect((await explored(run, { budget: { messages: 5, within: '35 days' } })).defects).toEqual([]);
    expect((await explored(run, { budget: { messages: 3, within: '35 days' } })).defects).toMatchObject([
      { kind: 'budget' },
    ]);
  });

  it('of many rounds has its budget proven, however long the period of the budget is', async () => {
    const run = async (j: SignedUp): Promise<void> => {
      for (let day = 1; day <= 40; day++) {
        if (await j.check(`idle ${day}`, () => true)) await j.send(`nudge ${day}`, { inApp: 'nudge' });
        await j.sleep(`night ${day}`, '1 day');
      }
    };
    const within = '365 days';
    const kept = await explored(run, { budget: { messages: 40, within } }, { with: unrestrained });
    expect(kept).toMatchObject({ defects: [], budget: { most: 40 }, bounds: { truncated: false, cut: 0 } });
    const broken = await explored(run, { budget: { messages: 39, within } }, { with: unrestrained });
    expect(broken.defects).toMatchObject([{ kind: 'budget' }]);
  });

  it('that reaches a cap sends as many messages as on any of its paths', async () => {
    const capped = journey('capped', { enter: signedUp }, async (j) => {
      for (let day = 1; day <= 10; day++) {
        if (await j.check(`idle ${day}`, () => true)) await j.send(`nudge ${day}`, { email: 'nudge' });
        await j.sleep(`night ${day}`, '1 day');
      }
    });
    const exact = await inManner(capped, { rounds: 50, folds: 'none' });
    expect(exact.truncated).toBe(false);
    expect(exact.survey.messages.email).toEqual({ day: 1, week: 5, path: 8 });
    const folded = await inManner(capped, { rounds: 50, folds: 'rounds' });
    expect(folded.survey.messages).toEqual(exact.survey.messages);
    expect(folded.folded).toBeGreaterThan(0);
  });

  it('of days of the week is walked until the days come again', async () => {
    let replays = 0;
    const run = async (j: SignedUp): Promise<void> => {
      replays++;
      for (let lesson = 1; ; lesson++) {
        await j.sleepUntil(`morning ${lesson}`, { at: '09:00', weekdays: [1, 2, 3, 4, 5] });
        await j.send(`lesson ${lesson}`, { inApp: 'lesson' });
        await j.waitFor(`opened ${lesson}`, projectCreated, { within: '36 hours', since: 'now' });
      }
    };
    const { paths, bounds, defects } = await explored(run, { budget: { messages: 5, within: '7 days' } });
    expect(defects).toEqual([]);
    expect(bounds).toMatchObject({ truncated: false, cut: 0, rounds: 50 });
    expect(paths).toBeLessThan(100);
    expect(replays).toBeLessThan(1_500);
  });

  it('is walked once around at whatever time of day its rounds are, unless the night may hold a message of them', async () => {
    const remind = (templates: { inApp: string } | { email: string }): Promise<Exploration> =>
      explored(
        async (j) => {
          for (let round = 1; !(await j.check(`enough ${round}`, () => true)); round++) {
            await j.send(`reminder ${round}`, templates);
            await j.sleep(`pause ${round}`, '37 minutes');
          }
        },
        {},
        { with: { policy: { ...unrestrained.policy, quietHours: policy().quietHours } } },
      );
    const walkedOnce = { truncated: false, cut: 0, rounds: 50 };
    const inApp = await remind({ inApp: 'reminder' });
    expect(inApp).toMatchObject({ defects: [], bounds: walkedOnce });
    expect(inApp.paths).toBeLessThan(5);
    const byMail = await remind({ email: 'reminder' });
    expect(byMail).toMatchObject({ defects: [], bounds: walkedOnce });
    // One way out in each round of a day: from noon until the night, and from the morning on.
    expect(byMail.paths).toBeGreaterThan(20);
  });

  it('that counts in a variable of the code is walked for each count that makes a difference', async () => {
    const { defects, bounds } = await explored(async (j) => {
      let projects = 0;
      for (let week = 1; week <= 10; week++) if (await j.waitFor(`project ${week}`, projectCreated, WITHIN)) projects++;
      if (projects === 7) throw new Error('seven');
      await j.award('the end', { points: projects > 8 ? 2 : 1 });
    });
    expect(defects).toMatchObject([{ kind: 'error', text: 'seven' }]);
    expect(bounds).toMatchObject({ truncated: false, cut: 0 });
  });

  it('with a last round is walked to its end, with the shortest and longest duration and the most messages', async () => {
    const found = await explored(
      async (j) => {
        for (let week = 1; week <= 12; week++)
          if (!(await j.waitFor(`project ${week}`, projectCreated, WITHIN)))
            await j.send(`nudge ${week}`, { inApp: 'nudge' });
        await j.award('the end', { points: 1 });
      },
      {},
      { with: { policy: policy({ quietHours: null }) } },
    );
    expect(found).toMatchObject({ defects: [], shortestMs: 0, longestMs: 12 * 7 * 86_400_000 });
    expect(found.messages.inApp.path).toBe(12);
    expect(found.bounds).toMatchObject({ truncated: false, cut: 0 });
  });

  it('whose rounds send different templates is walked round by round', async () => {
    const { defects } = await explored(
      async (j) => {
        for (let week = 1; ; week++) {
          await j.send(`back ${week}`, { inApp: `back-${week}` });
          if (await j.waitFor(`project ${week}`, projectCreated, WITHIN)) return;
        }
      },
      {},
      { checkTemplate: ({ name }) => (name === 'back-17' ? ['there is none'] : []) },
    );
    expect(defects).toMatchObject([{ kind: 'template', step: 'back 17' }]);
  });

  it('that reads an event in each of its different rounds is not walked anew for each of them', async () => {
    let replays = 0;
    const { defects, bounds } = await explored(async (j) => {
      replays++;
      for (let week = 1; week <= 12; week++) {
        const project = await j.waitFor(`project ${week}`, projectCreated, WITHIN);
        await j.send(
          `back ${week}`,
          { inApp: `back-${week}` },
          { data: { name: project?.properties['name'] ?? null } },
        );
      }
    });
    expect(defects).toEqual([]);
    expect(bounds).toMatchObject({ truncated: false, cut: 0 });
    expect(replays).toBeLessThan(5_000);
  });
});

const RULES = { lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} };

async function inManner(candidate: Journey, manner: Manner): Promise<Surveyed> {
  const definitions = await compile({ ...RULES, journeys: [candidate] });
  return walked(candidate, definitions, { maxPaths: 2_000, maxRests: 20_000 }, manner);
}

it('rounds that follow a wait for several events are told apart', async () => {
  const wait = { needs: 'one', within: null, sinceNow: false, then: [], otherwise: [] } as const;
  const later = ['s2', 's3'].map((step) => ({ ...wait, kind: 'waitFor' as const, step, names: ['A'] }));
  const plan: Plan = {
    id: 'random',
    trigger: 'Start',
    reenter: 'never',
    keyed: false,
    exit: [],
    goal: null,
    steps: [{ ...wait, kind: 'waitFor', step: 's1', names: ['B', 'A'], needs: 'all', then: later }],
  };
  const { survey } = await inManner(toJourney(plan), { rounds: 50, folds: 'rounds' });
  expect([...survey.endless.keys()]).toEqual(['s1', 's2', 's3']);
});

it('a folded walk finds the same steps, defects, durations and messages as one path by path', () =>
  fc.assert(
    fc.asyncProperty(plans('random', { effects: true, unbounded: true, triggers: ['Start'] }), async (plan) => {
      const candidate = toJourney({ ...plan, keyed: false });
      const exact = await inManner(candidate, { rounds: 50, folds: 'none', maxPaths: 300 });
      fc.pre(!exact.truncated && exact.survey.cut === 0);
      const folded = await inManner(candidate, { rounds: 50, folds: 'rounds' });
      const seen = ({ survey }: Surveyed): object => ({
        steps: [...survey.steps].sort(),
        endless: [...survey.endless.keys()].sort(),
        errors: [...survey.errors.keys()].sort(),
        durations: survey.durations,
        messages: survey.messages,
        isOpen: survey.withoutGoal.count > 0,
      });
      expect(seen(folded)).toEqual(seen(exact));
    }),
    { numRuns: 60 },
  ));
