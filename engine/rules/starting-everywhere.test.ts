import fc from 'fast-check';
import { ended } from '../authoring/ended';
import { journey } from '../authoring/journey';
import { explore, type Exploration } from '../explore';
import { mistakesIn } from '../json/mistakes';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import type { JsonObject } from '../model/json';
import type { Run } from '../model/state';
import { simulate } from '../simulate';
import { population, type Persona } from '../simulate/population';
import { signedUp } from '../testing/properties/catalogue';
import { deployments, editions, live } from '../testing/properties/edited-life';
import { EVERY_KIND } from '../testing/properties/random-edit';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { deeds, define, users } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import { traveller } from '../testing/traveller';
import { manual } from '../user/triggers';

/** Started journeys in the tools, as data, and in random lives. */

const BOUNDED: Ingredients = { effects: true, unbounded: false, triggers: ['Start', 'A', 'silence', 'stage idle'] };

/** The run that the step of a run has started. */
function startedBy(runs: readonly Run[], run: string, step: string): Run[] {
  return runs.filter((one) => one.startedBy?.run === run && one.startedBy.step === step);
}

it('each start makes exactly one run, and its end is never lost, whatever is repeated, reordered or edited', () => {
  let [starts, ends] = [0, 0];
  return fc
    .assert(
      fc.asyncProperty(
        fc.tuple(
          plans('first', BOUNDED).map((plan) => ({
            ...plan,
            steps: [{ kind: 'start' as const, step: 's0', journey: 'second' }, ...plan.steps],
          })),
          plans('second', BOUNDED),
          plans('third', BOUNDED),
        ),
        deeds(),
        deployments(BOUNDED, EVERY_KIND, fc.boolean()),
        fc.boolean(),
        users,
        async (initial, life, deploys, isSeenAtOnce, person) => {
          const plansAfter = editions(initial, deploys);
          const user = new StoredUser(person, await define(initial), { pending: 'awaited', history: 'limited' });
          const repeated = life.flatMap((deed, index) => (index % 3 === 0 ? [deed, deed] : [deed]));
          await live(user, repeated, deploys, async ({ at, told }, count) => {
            user.definitions = await define(plansAfter[count] ?? []);
            // An advance that dies before it is saved is made again.
            await user.peek(at, user.definitions);
            if (told && isSeenAtOnce) await user.advance(at);
          });
          for (const { id, journal } of user.runs)
            for (const record of journal) {
              const made = startedBy(user.runs, id, record.step).length;
              if (record.kind === 'start' && record.status === 'done')
                expect(made).toBe((record.outcome as JsonObject)['entered'] === true ? 1 : 0);
              // One edit may have replaced the start by a step of another kind, and a later edit may have brought it back.
              else
                expect(made).toBeLessThanOrEqual(record.status === 'skipped' && record.cause === 'other kind' ? 1 : 0);
            }
          const started = user.runs.flatMap((run) => (run.startedBy ? [{ run, by: run.startedBy }] : []));
          for (const { run, by } of started) {
            const starter = user.runs.find(({ id }) => id === by.run);
            expect(starter?.journal.map(({ step }) => step)).toContain(by.step);
            const until = starter?.endedAt ?? Infinity;
            const told = (starter?.endings ?? []).filter((event) => event.id === run.id);
            expect(told).toHaveLength(run.endedAt !== null && run.endedAt < until ? 1 : Math.min(told.length, 1));
            ends += told.length;
          }
          starts += started.length;
        },
      ),
      { numRuns: 100 },
    )
    .then(() => expect([starts > 30, ends > 3]).toEqual([true, true]));
});

const given = (...steps: readonly object[]): object => ({ enter: { kind: 'event', event: 'Signed Up' }, steps });
const CATALOGUE = new Map([[signedUp.name, signedUp]]);
const course = journey('course', { enter: manual(), reenter: 'always' }, async (j) => {
  await j.sleep('a day', '1 day');
  await j.award('lesson', { points: Number(j.event.properties['points'] ?? 1) });
});

describe('as data', () => {
  const start = { kind: 'start', step: 'give', journey: 'course' };
  const wait = { kind: 'waitFor', step: 'over', events: [{ ended: 'course' }], within: '3 days' };

  it('a journey starts another one, by the place of a value too, and waits for its end', async () => {
    const isCompleted = { '==': [{ var: 'steps.over.properties.status' }, 'completed'] };
    const parsed = journeyDefinition.parse(
      given(
        { ...start, data: { points: 7, plan: { var: 'entered.properties.plan' } }, key: 'k' },
        {
          ...wait,
          then: [{ kind: 'check', step: 'well', if: isCompleted, then: [{ kind: 'award', step: 'x', badge: 'x' }] }],
        },
      ),
    );
    expect(mistakesIn(parsed, CATALOGUE)).toEqual([]);
    const ada = traveller([toJourney('a', parsed, CATALOGUE), course]);
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.runs.at(-1)).toMatchObject({ journey: 'course', trigger: { properties: { points: 7, plan: 'free' } } });
    await ada.forward('2 days');
    expect(ada.profile).toMatchObject({ points: 7, badges: ['x'] });
  });

  it('it goes on by whether the user has entered', async () => {
    const branches = { then: [{ kind: 'award', step: '1', points: 1 }], otherwise: [{ kind: 'award', step: '2' }] };
    const parsed = journeyDefinition.parse(
      given({ ...start, ...branches, otherwise: [{ kind: 'award', step: '2', points: 10 }] }),
    );
    const made = toJourney('a', parsed, CATALOGUE);
    const [ada, bob] = [traveller([made, course]), traveller(made)];
    for (const one of [ada, bob]) await one.track(signedUp, { plan: 'free' });
    expect([ada.profile.points, bob.profile.points]).toEqual([1, 10]);
  });

  it('the end of a journey is an exit and a goal, narrowed, and nothing else', () => {
    const where = { status: 'exited' };
    const read = (one: object) => journeyDefinition.safeParse({ ...given(start), ...one });
    expect(read({ exit: [{ ended: 'course', where }], goal: { event: [{ ended: 'course' }] } }).success).toBe(true);
    expect(read({ enter: { kind: 'event', event: [{ ended: 'course' }] } }).success).toBe(false);
    expect(read({ enter: { kind: 'milestone', event: [{ ended: 'course' }], counts: [1] } }).success).toBe(false);
    expect(read({ exit: [{ ended: 'The Course' }] }).success).toBe(false);
    const wrong = read({ exit: [{ ended: 'course', where: { stars: 5 } }] });
    expect(mistakesIn(wrong.data ?? journeyDefinition.parse(given()), CATALOGUE)).toMatchObject([
      { path: ['exit', 0, 'where', 'stars'] },
    ]);
  });
});

describe('explore', () => {
  const labels = ({ tree }: Exploration): string => JSON.stringify(tree);

  it('walks the start and its refusal, and every end that the code tells apart', async () => {
    const waiting = journey('a', { enter: signedUp }, async (j) => {
      if (!(await j.start('give', course)).entered) return;
      const end = await j.waitFor('over', ended(course), { within: '9 days' });
      if (end?.properties.goalReached) await j.award('well done', { badge: 'x' });
      if (end?.properties.by === 'by hand') await j.award('a pity', { badge: 'y' });
    });
    const found = await explore(waiting);
    expect(found.defects).toEqual([]);
    for (const label of ['entered', 'refused', 'well done', 'a pity', 'timeout'])
      expect(labels(found)).toContain(label);
    expect(labels(found)).not.toContain('"before"');
  });

  it('walks the refusals that the code compares, and finds mistakes behind them', async () => {
    const told = journey('a', { enter: signedUp }, async (j) => {
      const { refused } = await j.start('give', course);
      if (refused === 'before') await j.sleep('long', 'a while' as '1 day');
    });
    const { defects } = await explore(told);
    expect(defects).toMatchObject([{ kind: 'error', step: 'long' }]);
  });

  it('finds a wait for an end that may not come', async () => {
    const endless = journey('a', { enter: signedUp }, async (j) => {
      await j.start('give', course);
      await j.waitFor('over', ended(course));
    });
    expect((await explore(endless)).defects).toMatchObject([{ kind: 'endless wait', step: 'over' }]);
  });
});

it('simulate lets people really enter, and counts what came of it', async () => {
  const a = journey('a', { enter: signedUp }, async (j) => {
    await j.start('give', 'course');
    await j.start('again', 'course');
    await j.waitFor('over', ended('course'), { within: '9 days' });
  });
  const quiet: Persona = {
    share: 1,
    visitsPerWeek: 0,
    hours: () => 1,
    does: [],
    reach: {},
    reactions: {},
    churn: { perWeek: 0, opens: 0 },
  };
  const who = population({ kinds: { quiet }, zones: { UTC: 1 }, arrive: [signedUp], over: '1 week' });
  const { journeys } = await simulate([a, course], who, { people: 10, days: 14 });
  expect(journeys).toMatchObject([
    {
      journey: 'a',
      entered: 10,
      steps: [
        { step: 'give', outcomes: { course: 10 } },
        { step: 'again', outcomes: { 'course: already inside': 10 } },
        { step: 'over', outcomes: { 'end of course': 10 } },
      ],
    },
    { journey: 'course', entered: 10, completed: 10 },
  ]);
});
