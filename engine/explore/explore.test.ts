import { inactivity, milestone } from '../user/triggers';
import fc from 'fast-check';
import { z } from 'zod';
import {
  accountDeleted,
  orderPlaced,
  projectCreated,
  signedUp,
  teammateInvited,
} from '../testing/properties/catalogue';
import { toDefinition, withoutCalls } from '../testing/properties/defined-plan';
import { EVENTS, plain, toJourney, type Plan } from '../testing/properties/plan';
import { plans } from '../testing/properties/random-journey';
import { waysThrough } from '../testing/properties/ways-through';
import { toJourney as toDefined } from '../json/to-journey';
import { journeyDefinition } from '../json/schema';
import { activity, anyOf, event, journey, policy, trait } from '../index';
import type { OccurrenceOf } from '../authoring/event';
import type { Journey, JourneyOptions, Steps } from '../authoring/journey';
import { traveller } from '../testing/traveller';
import { explore } from './index';
import type { Exploration, TreeWay } from './index';

type SignedUp = Steps<OccurrenceOf<typeof signedUp>>;
type Options = Partial<JourneyOptions<typeof signedUp>>;

/** Explores a journey with this code. */
function explored(
  run: (j: SignedUp) => Promise<void>,
  options: Options = {},
  more: Parameters<typeof explore>[1] = {},
): Promise<Exploration> {
  return explore(journey('explored', { enter: signedUp, ...options }, run), more);
}

/** Every path as its steps, their outcomes, and its end. */
function paths(ways: readonly TreeWay[]): string[] {
  return ways.flatMap(({ outcome, next }) => {
    const rest = 'end' in next ? [next.end] : paths(next.ways).map((path) => `${next.step} ${path}`);
    return rest.map((path) => (outcome === '' ? path : `→ ${outcome}, ${path}`));
  });
}

const kinds = ({ defects }: Exploration): string[] => defects.map(({ kind }) => kind);

describe('paths', () => {
  it('branch at each awaited event and at the timeout', async () => {
    const found = await explored(async (j) => {
      const first = await j.waitFor('either', anyOf(projectCreated, teammateInvited), { within: '2 days' });
      if (first?.name === 'Project Created') await j.award('points', { points: 5 });
    });
    expect(paths(found.tree)).toEqual([
      'either → Project Created, points completed',
      'either → Teammate Invited, completed',
      'either → timeout, completed',
    ]);
    expect(found).toMatchObject({ paths: 3, defects: [], shortestMs: 0, longestMs: 2 * 86_400_000 });
  });

  it('branch at both answers of a check and at each variant with a weight above zero', async () => {
    const found = await explored(async (j) => {
      if (await j.check('free', ({ user }) => user.traits['plan'] === 'free')) return j.exit('over');
      await j.experiment('tone', { friendly: 9, brief: 1, never: 0 });
    });
    expect(paths(found.tree)).toEqual([
      'free → yes, over exited',
      'free → no, tone → friendly, completed',
      'free → no, tone → brief, completed',
    ]);
  });

  it('branch at sent and suppressed only where the code reads the status, even if it reads it later', async () => {
    const unread = await explored(async (j) => {
      await j.send('mail', { email: 'mail' });
    });
    const read = await explored(async (j) => {
      const { status } = await j.send('card', { inApp: 'card' }).then(async (sent) => {
        await j.sleep('a day', '1 day');
        return sent;
      });
      if (status === 'suppressed') await j.award('sorry', { points: 1 });
    });
    expect(paths(unread.tree)).toEqual(['mail completed']);
    expect(paths(read.tree)).toEqual(['card → sent, a day completed', 'card → suppressed, a day sorry completed']);
    expect(read.messages.total.path).toBe(1);
  });

  it('leave by every exit, and by a goal that ends the run, from every step in which a person waits', async () => {
    const found = await explored(
      async (j) => {
        await j.sleep('a day', '1 day');
        await j.exit('over');
      },
      { exit: [accountDeleted], goal: { event: activity, exit: true } },
    );
    expect(paths(found.tree)).toEqual(['a day over exited', 'a day → Account Deleted, left', 'a day → *, goal']);
    expect(found).toMatchObject({ paths: 3, left: 1, defects: [] });
  });

  it('may reach a goal that does not end the run, and a later wait finds its event', async () => {
    const found = await explored(
      async (j) => {
        await j.sleep('a day', '1 day');
        if (!(await j.waitFor('project', projectCreated, { within: '1 day' }))) return j.exit('none');
      },
      { goal: { event: projectCreated } },
    );
    expect(paths(found.tree)).toEqual([
      'a day project → Project Created, completed',
      'a day project → timeout, none exited',
      'a day → Project Created (goal), project → Project Created, completed',
    ]);
  });

  it('start at each count of a milestone', async () => {
    const found = await explore(
      journey('counted', { enter: milestone(orderPlaced, [1, 10]) }, async (j) => {
        if (j.event.properties.count === 10) await j.award('ten', { points: 10 });
      }),
    );
    expect(paths(found.tree)).toEqual(['→ count 1, completed', '→ count 10, ten completed']);
    expect(found.defects).toEqual([]);
  });

  it('branch at each possible value of a property that the code reads, if it makes a difference', async () => {
    const rated = event(
      'Rated',
      z.object({ stars: z.enum(['1', '5']), note: z.boolean().optional(), by: z.string() }),
      {
        stars: '5',
        by: 'ada',
      },
    );
    const found = await explore(
      journey('rated', { enter: rated }, async (j) => {
        if (j.event.properties.stars === '1') return j.exit('sorry');
        const again = await j.waitFor('again', rated, { within: '1 day' });
        if (again?.properties.note) await j.award('noted', { points: 1 });
        await j.set('by', { by: again?.properties.by ?? null });
      }),
    );
    expect(found.defects).toEqual([]);
    expect(paths(found.tree)).toEqual([
      'again → Rated, by completed',
      'again → timeout, by completed',
      'again → Rated, note: true, noted by completed',
      '→ Rated, stars: "1", sorry exited',
    ]);
  });

  it('have a shortest and a longest duration, with awaited events at once and at the last moment', async () => {
    const { shortestMs, longestMs } = await explored(async (j) => {
      if (await j.waitFor('project', projectCreated, { within: '2 days' })) await j.sleep('a day', '1 day');
    });
    expect({ shortestMs, longestMs }).toEqual({ shortestMs: 86_400_000, longestMs: 3 * 86_400_000 });
  });

  it('take as long as the data says where a step waits until an instant, and the steps are named', async () => {
    const { longestMs, timedByData } = await explored(async (j) => {
      await j.sleep('a day', '1 day');
      await j.sleepUntil('nine', { at: '09:00' });
      await j.sleepUntil('before the end', { before: trait('trialEndsAt'), by: '3 days' });
      await j.sleepUntil('the end', trait('trialEndsAt'), { ifPast: 'skip' });
      await j.sleepUntil('lesson', { at: trait('lessonTime') });
      await j.waitFor('project', projectCreated, { until: '2026-03-01' });
    });
    expect(timedByData).toEqual(['before the end', 'the end', 'lesson', 'project']);
    expect(longestMs).not.toBeNull();
  });

  it.each<[string, JourneyOptions['key'], string]>([
    ['returns nothing', ({ properties }) => properties['orderNo'] as string, 'it returns undefined, not text'],
    ['returns an object', ({ properties }) => properties as never, 'it returns {"plan":"free"}, not text or a number'],
    [
      'throws',
      ({ properties }) => (properties['order'] as unknown as { id: string }).id,
      "it throws 'Cannot read properties of undefined (reading 'id')'",
    ],
  ])('of a journey whose key %s are a defect', async (_, key, why) => {
    const award = (j: Pick<SignedUp, 'award'>): Promise<void> => j.award('prize', { points: 1 });
    const { defects } = await explored(award, { key: key as Options['key'] });
    expect(defects).toMatchObject([{ kind: 'error', step: null, option: 'key' }]);
    expect(defects[0]?.text).toContain(`no example of 'Signed Up' has a key, without which nobody enters: ${why}`);
    expect((await explored(award, { key: ({ properties }) => properties.plan })).defects).toEqual([]);
    // A silence has no key, and lets users enter.
    expect((await explore(journey('quiet', { enter: inactivity('1 day'), key }, award))).defects).toEqual([]);
  });

  it('of a keyed journey are one run, although the examples have different keys', async () => {
    const found = await explored(
      async (j) => {
        await j.waitFor('order', orderPlaced, { within: '1 day' });
      },
      { key: ({ properties: { plan, orderId } }) => (orderId ?? plan) as string },
    );
    expect(found.paths).toBe(2);
  });
});

describe('a bound', () => {
  it('on rounds cuts off loops whose rounds differ and is reported', async () => {
    const found = await explored(async (j) => {
      for (let day = 1; ; day++) {
        await j.send(`word ${day}`, { inApp: `word-${day}` });
        await j.sleep(`day ${day}`, '1 day');
      }
    });
    expect(found.bounds).toMatchObject({ truncated: false, cut: 1, rounds: 50, loops: ['word #'] });
  });

  it('on rounds is lower where loops branch, so that every branch is walked', async () => {
    const found = await explored(
      async (j) => {
        for (let day = 1; ; day++) {
          await j.check(`free ${day}`, () => true);
          if (await j.check(`enough ${day}`, () => true)) return j.exit(`after ${day}`);
        }
      },
      {},
      { maxPaths: 100 },
    );
    expect(found.bounds).toMatchObject({ truncated: false, rounds: 3, loops: ['free #'] });
  });

  it('on paths is reported, and unreached steps are then not reported', async () => {
    const found = await explored(
      async (j) => {
        for (const name of 'abcdefgh') await j.check(name, () => true);
        await j.award('reached', { points: 1 });
      },
      { budget: { messages: 1, within: '1 day' } },
      { maxPaths: 10 },
    );
    expect(found).toMatchObject({ paths: 10, bounds: { truncated: true, maxPaths: 10 } });
    expect(kinds(found)).toEqual(['budget']);
  });

  it('on waits ends a walk of long paths early and is reported', async () => {
    const found = await explored(
      async (j) => {
        for (const name of 'abcd') await j.check(name, () => true);
        for (const name of 'efghij') await j.sleep(name, '1 day');
      },
      {},
      { maxRests: 5 },
    );
    expect(found).toMatchObject({ paths: 0, bounds: { truncated: true } });
  });
});

describe('a journey that is data', () => {
  const definition = (...steps: object[]): Journey =>
    toDefined(
      'defined',
      journeyDefinition.parse({
        enter: { kind: 'event', event: 'Signed Up' },
        steps,
      }),
      new Map([[signedUp.name, signedUp]]),
    );

  it('has no loops, whatever the names of its steps', async () => {
    const days = Array.from({ length: 60 }, (_, n) => ({ kind: 'sleep', step: `day ${n}`, duration: '1 day' }));
    expect(await explore(definition(...days))).toMatchObject({ paths: 1, bounds: { cut: 0, loops: [] }, defects: [] });
  });

  it('has the same defects as code, including unreached steps', async () => {
    const { defects } = await explore(
      definition(
        { kind: 'check', step: 'pro', if: { '==': [{ var: 'event.properties.plan' }, 'pro'] } },
        { kind: 'exit', step: 'out' },
        { kind: 'award', step: 'lost', points: 1 },
      ),
    );
    expect(defects).toEqual([{ kind: 'unreached step', step: 'lost', text: 'no path leads to it', path: null }]);
  });
});

it('exploring any valid definition ends in a report', () => {
  const triggers = ['Start', 'A', 'A counted', 'silence', 'stage idle', 'upgraded'];
  const definable = plans('random', { effects: true, unbounded: true, triggers }).map(withoutCalls);
  const catalogue = new Map(EVENTS.map((name) => [name, plain(name)]));
  return fc.assert(
    fc.asyncProperty(definable, async (plan) => {
      fc.pre(plan.steps.length > 0);
      const definition = journeyDefinition.parse(JSON.parse(JSON.stringify(toDefinition(plan))));
      const found = await explore(toDefined(plan.id, definition, catalogue), { maxPaths: 50, maxRests: 200 });
      expect(found.paths).toBeGreaterThan(0);
      expect(kinds(found)).not.toContain('nondeterminism');
    }),
    { numRuns: 100 },
  );
});

describe('the most messages', () => {
  const twoADay = policy({ quietHours: null });

  it('are counted under the caps, per channel for a person with only that channel', async () => {
    const { messages } = await explored(
      async (j) => {
        for (const name of 'abcde') await j.send(name, { webPush: 'a', email: 'a' });
      },
      {},
      { with: { policy: twoADay } },
    );
    expect(messages.email).toEqual({ day: 2, week: 2, path: 2 });
    expect(messages.webPush).toEqual({ day: 2, week: 2, path: 2 });
    expect(messages.total).toEqual({ day: 4, week: 4, path: 4 });
  });

  it('on a second-choice channel are those of a person without the first choice', async () => {
    const { messages } = await explored(async (j) => {
      await j.send('word', { webPush: 'a', email: 'a' });
    });
    expect(messages).toMatchObject({ webPush: { path: 1 }, email: { path: 1 }, total: { path: 1 } });
  });

  it('are counted in any 24 hours and any 7 days, not by calendar', async () => {
    const { messages } = await explored(async (j) => {
      await j.send('first', { inApp: 'a' });
      await j.sleep('23 hours', '23 hours');
      await j.send('second', { inApp: 'a' });
      await j.sleep('7 days', '7 days');
      await j.send('third', { inApp: 'a' });
    });
    expect(messages.inApp).toEqual({ day: 2, week: 2, path: 3 });
  });

  it('stay within the budget, or exceed it on a path that the defect names', async () => {
    const twice = async (j: SignedUp): Promise<void> => {
      await j.send('first', { inApp: 'a' });
      if (!(await j.waitFor('project', projectCreated, { within: '1 day' }))) await j.send('second', { inApp: 'a' });
    };
    expect((await explored(twice, { budget: { messages: 2, within: '30 days' } })).defects).toEqual([]);
    expect((await explored(twice, { budget: { messages: 1, within: '1 day' } })).defects).toEqual([]);
    const over = await explored(twice, { budget: { messages: 1, within: '30 days' } });
    expect(over.budget).toMatchObject({ messages: 1, most: 2 });
    expect(over.defects).toMatchObject([{ kind: 'budget', path: 'project: timeout → completed (finished)' }]);
  });

  it('are not proven to stay within the budget by a path that is cut off before the period of the budget ends', async () => {
    const daily = async (j: SignedUp): Promise<void> => {
      for (let day = 1; ; day++) {
        await j.sleep(`day ${day}`, '1 day');
        if (day % 7 === 0) await j.send(`week ${day}`, { inApp: `week-${day}` });
      }
    };
    expect(kinds(await explored(daily, { budget: { messages: 20, within: '40 days' } }))).toEqual([]);
    expect(kinds(await explored(daily, { budget: { messages: 20, within: '60 days' } }))).toEqual(['budget']);
  });

  it('have a budget that is a whole number', () => {
    expect(() => journey('x', { enter: signedUp, budget: { messages: -1, within: '1 day' } }, async () => {})).toThrow(
      'whole number of messages',
    );
  });
});

describe('a defect', () => {
  it('is a step that no path reaches', async () => {
    const { defects } = await explored(async (j) => {
      const { plan } = { plan: 'free' };
      for (let n = 1; n <= 2; n++) await j.award(`round ${n}`, { points: 1 });
      if (plan === 'never') await j.send('lost', { email: 'x' });
    });
    expect(defects).toMatchObject([{ kind: 'unreached step', step: 'lost' }]);
  });

  it('is a wait that never ends', async () => {
    const found = await explored(async (j) => {
      await j.waitFor('project', projectCreated);
    });
    expect(found.defects).toMatchObject([{ kind: 'endless wait', step: 'project' }]);
    expect(found.longestMs).toBeNull();
  });

  it('is a path that returns without reaching the goal', async () => {
    const { defects, withoutGoal } = await explored(
      async (j) => {
        await j.waitFor('project', projectCreated, { within: '1 day' });
      },
      { goal: { event: projectCreated } },
    );
    expect(withoutGoal).toBe(1);
    expect(defects).toMatchObject([{ kind: 'end without goal', path: 'project: timeout → completed (finished)' }]);
  });

  it('is an error that the code throws, with the step and the path', async () => {
    const { defects } = await explored(async (j) => {
      if (await j.check('yes', () => true)) throw new Error('oh no');
    });
    expect(defects).toMatchObject([{ kind: 'error', step: 'yes', text: 'oh no', path: 'yes: yes → failed (oh no)' }]);
  });

  it('is an error that a check throws for the example traits', async () => {
    const { defects } = await explored(async (j) => {
      await j.check('big', ({ user }) => (user.traits['company'] as { size: number }).size > 10);
    });
    expect(kinds({ defects } as Exploration)).toEqual(['error']);
  });

  it('is code that asks for something else in a replay', async () => {
    let runs = 0;
    const found = await explored(async (j) => {
      await j.sleep('a day', '1 day');
      await j.send('mail', { email: `mail ${runs++}` });
    });
    expect(found.defects).toMatchObject([{ kind: 'nondeterminism', path: 'completed (finished)' }]);
  });

  it('is code that calls other steps in a replay', async () => {
    let runs = 0;
    const found = await explored(async (j) => {
      await j.sleep('a day', '1 day');
      if (runs++ % 3 === 0) await j.award('sometimes', { points: 1 });
    });
    expect(kinds(found)).toContain('nondeterminism');
  });

  it('is a check that gives different answers for the same facts', async () => {
    let asked = 0;
    const found = await explored(async (j) => {
      await j.check('odd', () => asked++ % 2 === 1);
    });
    expect(found.defects).toMatchObject([{ kind: 'nondeterminism', step: 'odd' }]);
  });

  it('is a template that fails its check with the data of a path', async () => {
    const { defects } = await explored(
      async (j) => {
        const project = await j.waitFor('project', projectCreated, { within: '1 day' });
        await j.set('plan', { plan: 'pro' });
        await j.send(
          'mail',
          { email: 'mail', inApp: 'card' },
          { data: project ? { name: project.properties.name } : {} },
        );
      },
      {},
      {
        checkTemplate: ({ step, channel, context: { user, data } }) =>
          'name' in data || channel !== 'email' ? [] : [`${step}: no name on ${JSON.stringify(user.traits['plan'])}`],
      },
    );
    expect(defects).toEqual([
      { kind: 'template', step: 'mail', channel: 'email', text: 'mail: no name on "pro"', path: null },
    ]);
  });
});

describe('in random journeys', () => {
  /** Of a journey with more paths, equal places are walked once. */
  const MAX_PATHS = 100;
  const random = plans('random', { effects: true, unbounded: false, triggers: ['Start'] });
  const complete = ({ bounds: { truncated, cut, folded } }: Exploration): boolean =>
    !truncated && cut === 0 && folded === 0;
  const isSmall = ({ steps }: Plan): boolean => {
    const { on, ended } = waysThrough(steps);
    return on + ended <= MAX_PATHS;
  };

  /** A wait until an instant lasts a moment in `explore`, so a goal's time does not run out meanwhile. */
  const outlivesGoal = ({ goal, steps }: Plan): boolean =>
    Boolean(goal?.within) && JSON.stringify(steps).includes('"until"');

  // A wait for the end of a journey that was not started is over at once.
  const withoutEnds = random.filter((plan) => !JSON.stringify(plan).includes('end of'));

  it('every combination of outcomes is a path', () =>
    fc.assert(
      fc.asyncProperty(withoutEnds.filter(isSmall), async (plan) => {
        const { on, ended } = waysThrough(plan.steps);
        const found = await explore(toJourney({ ...plan, exit: [], goal: null }), { maxPaths: MAX_PATHS });
        expect(complete(found)).toBe(true);
        expect(found.paths).toBe(on + ended);
        expect(found.defects).toEqual([]);
      }),
      { numRuns: 100 },
    ));

  it('a person always follows one of the paths, whatever they do', () =>
    fc.assert(
      fc.asyncProperty(
        random.filter(isSmall).filter((plan) => !outlivesGoal(plan)),
        fc.array(fc.tuple(fc.constantFrom('A', 'B', 'C', 'Quit'), fc.integer({ min: 0, max: 120 })), { maxLength: 8 }),
        async (plan, life) => {
          const candidate = toJourney({ ...plan, keyed: false, reenter: 'never' });
          const found = await explore(candidate, { maxPaths: MAX_PATHS });
          fc.pre(complete(found));

          const person = traveller(candidate);
          await person.track(plain('Start'), {});
          for (const [name, hours] of life) {
            await person.forward(`${hours} hours`);
            await person.track(plain(name), {});
          }
          const walked = person.journal.map(({ step }) => step);
          expect(stepSequences(found.tree)).toContainEqual(expect.stringMatching(beginning(walked)));
        },
      ),
      { numRuns: 100 },
    ));

  function stepSequences(ways: readonly TreeWay[]): string[] {
    return ways.flatMap(({ next }) =>
      'end' in next ? ['.'] : stepSequences(next.ways).map((rest) => `${next.step} ${rest}`),
    );
  }

  function beginning(steps: readonly string[]): RegExp {
    return new RegExp(`^${steps.map((step) => `${step} `).join('')}`);
  }
});
