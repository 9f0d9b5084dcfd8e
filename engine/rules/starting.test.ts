import { ended } from '../authoring/ended';
import { anyOf, type Occurrence } from '../authoring/event';
import { journey, type Journey, type JourneyOptions, type Reenter, type StartOptions } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { compile } from '../outline/compile';
import { endlessCycles } from '../outline/cycles';
import { mermaid } from '../outline/mermaid';
import { outline } from '../outline/outline';
import { policy } from '../policy/define';
import { orderPlaced, projectCreated, signedUp, teammateInvited } from '../testing/properties/catalogue';
import { traveller, type Traveller } from '../testing/traveller';
import { inactivity, manual } from '../user/triggers';

/** Journeys that start other journeys, and wait for their end; see `docs/semantics.md`. */

const RULES = { lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy({ quietHours: null }), traits: {} };

/** A course of a day that gives as many points as it is told. */
const course = (options: Partial<JourneyOptions> = {}): Journey =>
  journey('course', { enter: manual(), ...options }, async (j) => {
    await j.sleep('a day', '1 day');
    const { properties } = j.event as Occurrence;
    await j.award('lesson', { points: Number(properties['points'] ?? 1) });
  });

/** Starts the course at the sign-up, and keeps in flags what came of it. */
const starting = (
  options: StartOptions = {},
  then: (j: Parameters<Parameters<typeof journey>[2]>[0]) => Promise<void> = async (j) => {
    const end = await j.waitFor('over', ended('course'), { within: '7 days' });
    await j.flag('end', 'end', end && { ...end.properties });
  },
): Journey =>
  journey('a', { enter: signedUp, reenter: 'always' }, async (j) => {
    const outcome = await j.start('give the course', 'course', options);
    await j.flag('start', 'start', { ...outcome });
    await then(j);
  });

async function begin(...journeys: readonly Journey[]): Promise<Traveller> {
  const ada = traveller(journeys);
  await ada.track(signedUp, { plan: 'free' });
  return ada;
}

const runsOf = (ada: Traveller, id: string): Traveller['runs'] => ada.runs.filter((run) => run.journey === id);

describe('a started journey', () => {
  it('is entered at once, with its data, and its end ends the wait', async () => {
    const ada = await begin(starting({ data: { points: 7 } }), course());
    expect(runsOf(ada, 'course')).toMatchObject([{ status: 'active', trigger: { properties: { points: 7 } } }]);
    expect(ada.profile.flags).toEqual({ start: { entered: true, refused: null } });
    await ada.forward('1 day');
    expect(ada.profile.points).toBe(7);
    const properties = { journey: 'course', step: 'give the course', status: 'completed', by: 'returned' };
    expect(ada.profile.flags['end']).toEqual({ ...properties, reason: 'finished', goalReached: false });
    expect(runsOf(ada, 'a')).toMatchObject([{ status: 'completed' }]);
  });

  it('looks to its code like an entry by its trigger, whatever that is', async () => {
    for (const enter of [signedUp, projectCreated, inactivity('30 days')])
      expect(runsOf(await begin(starting(), course({ enter, reenter: 'always' })), 'course').at(-1)).toMatchObject({
        key: null,
      });
    const ada = await begin(starting(), course({ enter: projectCreated }));
    expect(runsOf(ada, 'course')).toMatchObject([{ trigger: { name: 'Project Created' } }]);
    expect(ada.decisions).toContainEqual(
      expect.objectContaining({ journey: 'course', what: 'entered', reason: 'started by a' }),
    );
  });

  it('has the key that is given, or that of its data', async () => {
    const key: JourneyOptions['key'] = ({ properties: { orderId } }) => orderId as string | undefined;
    const keyed = course({ key });
    expect(runsOf(await begin(starting({ key: 12 }), keyed), 'course')).toMatchObject([{ key: '12' }]);
    expect(runsOf(await begin(starting({ data: { orderId: 'o-1' } }), keyed), 'course')).toMatchObject([
      { key: 'o-1' },
    ]);
    expect(runsOf(await begin(starting({ key: '12' }), course()), 'course')).toMatchObject([{ key: null }]);
    const ada = await begin(starting({ key: '12' }), keyed);
    await ada.forward('1 day');
    expect(ada.profile.flags['end']).toMatchObject({ key: '12' });
  });

  it('is not ended by the event that led to its start', async () => {
    const late = journey('a', { enter: signedUp }, async (j) => {
      await j.waitFor('project', projectCreated);
      await j.start('give the course', 'course');
    });
    const ada = await begin(late, course({ exit: [projectCreated] }));
    await ada.track(projectCreated, { name: 'X' });
    expect(runsOf(ada, 'course')).toMatchObject([{ status: 'active' }]);
    await ada.track(projectCreated, { name: 'Y' });
    expect(runsOf(ada, 'course')).toMatchObject([{ status: 'exited' }]);
  });

  it('does not use up a silence', async () => {
    const quiet = course({ enter: inactivity('3 days'), reenter: 'always' });
    const ada = await begin(starting(), quiet);
    await ada.forward('4 days');
    expect(runsOf(ada, 'course')).toHaveLength(2);
  });
});

describe('the end of a started journey', () => {
  it('is not lost when it comes in the same instant', async () => {
    const short = journey('course', { enter: manual() }, (j) => j.award('lesson', { points: 3 }));
    const ada = await begin(starting(), short);
    expect(ada.profile.flags['end']).toMatchObject({ status: 'completed' });
    expect(ada.runs.map(({ journey: id, status }) => [id, status])).toEqual([
      ['a', 'completed'],
      ['course', 'completed'],
    ]);
  });

  it('is not lost while the run does something else', async () => {
    const elsewhere = starting({}, async (j) => {
      await j.sleep('elsewhere', '5 days');
      const end = await j.waitFor('over', ended('course'), { within: '1 day' });
      await j.flag('end', 'end', end && end.at - (j.event as Occurrence).at);
    });
    const ada = await begin(elsewhere, course());
    await ada.forward('5 days');
    expect(ada.profile.flags['end']).toBe(86_400_000);
  });

  it.each([
    ['an exit event', { exit: [projectCreated] }, { status: 'exited', by: 'exit event', goalReached: false }],
    [
      'its goal',
      { goal: { event: projectCreated, exit: true } },
      { status: 'completed', by: 'goal', goalReached: true },
    ],
  ])('says how %s ended it', async (_, options, expected) => {
    const ada = await begin(starting(), course(options));
    await ada.track(projectCreated, { name: 'X' });
    expect(ada.profile.flags['end']).toMatchObject(expected);
  });

  it('can be an exit or the goal, narrowed, and one of several', async () => {
    const left = journey('a', { enter: signedUp, exit: [ended('course')] }, async (j) => {
      await j.start('give the course', 'course');
      await j.sleep('long', '30 days');
    });
    const aimed = (status: 'completed' | 'exited'): Journey =>
      journey('a', { enter: signedUp, goal: { event: ended('course').where({ status }), exit: true } }, async (j) => {
        await j.start('give the course', 'course');
        await j.sleep('long', '30 days');
      });
    const either = starting({}, async (j) => {
      const came = await j.waitFor('either', anyOf(teammateInvited, ended('course')), { within: '9 days' });
      await j.flag('end', 'end', came?.name ?? null);
    });
    const lived = async (one: Journey): Promise<Traveller> => {
      const ada = await begin(one, course());
      await ada.forward('2 days');
      return ada;
    };
    expect(runsOf(await lived(left), 'a')).toMatchObject([{ status: 'exited', endedBy: 'exit event' }]);
    expect(runsOf(await lived(aimed('completed')), 'a')).toMatchObject([{ status: 'completed', endedBy: 'goal' }]);
    expect(runsOf(await lived(aimed('exited')), 'a')).toMatchObject([{ status: 'active', goalAt: null }]);
    expect((await lived(either)).profile.flags['end']).toBe('sojourn:ended:course');
  });

  it('has a name for people in all that they read', async () => {
    const ada = await begin(starting({}), course());
    const waiting = runsOf(ada, 'a')[0]?.journal.at(-1);
    expect(waiting).toMatchObject({ reason: 'end of course', awaits: ['sojourn:ended:course'] });
    await ada.forward('1 day');
    expect(ada.decisions).toContainEqual(expect.objectContaining({ step: 'over', reason: 'end of course' }));
    expect(JSON.stringify(ada.decisions)).not.toContain('sojourn:');
    const { edges, steps } = await outline(starting({}));
    const left = journey('b', { enter: signedUp, exit: [ended('course')] }, async (j) => {
      await j.start('give the course', 'course');
      await j.collect('both', anyOf(ended('course'), teammateInvited), { for: '9 days' });
    });
    const leaver = await begin(left, course());
    expect(runsOf(leaver, 'b')[0]?.journal.at(-1)).toMatchObject({ reason: 'end of course or Teammate Invited' });
    await leaver.forward('1 day');
    expect(runsOf(leaver, 'b')).toMatchObject([{ endedBy: 'exit event', reason: 'end of course' }]);
    expect(mermaid('Signed Up', { edges, steps })).toContain('|"end of course"|');
  });

  it('comes from own runs only, and from each once', async () => {
    const twice = journey('a', { enter: signedUp }, async (j) => {
      for (const step of ['one', 'two']) await j.start(step, 'course', { key: step });
      const ends = await j.waitFor('both', ended('course'), { times: 2, within: '7 days' });
      await j.flag('ends', 'ends', ends && ends.map(({ properties }) => `${properties.step} ${properties.key ?? ''}`));
      await j.flag('third', 'third', (await j.waitFor('a third', ended('course')))?.at ?? null);
    });
    const other = journey('other', { enter: signedUp }, async (j) => {
      await j.start('mine', 'course', { key: 'mine' });
    });
    const ada = await begin(other, twice, course({ key: () => undefined }));
    await ada.forward('1 day');
    expect(ada.profile.points).toBe(3);
    expect(ada.profile.flags).toEqual({ ends: ['one one', 'two two'], third: null });
  });

  it('is not awaited in vain', async () => {
    const ada = await begin(starting({}), course({ enter: signedUp }));
    expect(ada.profile.flags).toEqual({ start: { entered: false, refused: 'inside' }, end: null });
    expect(runsOf(ada, 'a')[0]?.journal).toContainEqual(
      expect.objectContaining({ step: 'over', status: 'done', reason: 'nothing to wait for' }),
    );
  });

  it.each([
    ['a trigger', (): unknown => journey('b', { enter: ended('a') }, async () => undefined)],
    ['a trigger of several', (): unknown => journey('b', { enter: anyOf(ended('a')) }, async () => undefined)],
    ['a stage rule', (): unknown => lifecycle({ initial: 'new', rules: [{ from: ['new'], to: 'x', on: ended('a') }] })],
  ])('is not %s', (_, make) => {
    expect(make).toThrow(/end of a journey/);
  });
});

describe('a start is refused, and the run goes on,', () => {
  it.each<[string, StartOptions, readonly Journey[], string]>([
    ['if there is no such journey', {}, [], 'unknown'],
    ['if the user is inside', {}, [course({ enter: signedUp })], 'inside'],
    ['if its data is too large', { data: { text: 'x'.repeat(33_000) } }, [course()], 'size'],
    [
      'if too many runs are open',
      { key: 'k' },
      [course({ enter: signedUp, key: ({ properties: { plan } }) => plan as string, maxOpenRuns: 1 })],
      'open runs',
    ],
  ])('%s', async (_, options, others, refused) => {
    const ada = await begin(starting(options), ...others);
    expect(ada.profile.flags['start']).toEqual({ entered: false, refused });
    expect(runsOf(ada, 'a')).toMatchObject([{ status: 'completed' }]);
    expect(ada.decisions).toContainEqual(
      expect.objectContaining({ journey: 'a', step: 'give the course', what: 'refused' }),
    );
  });

  it.each<[Reenter, string | null]>([
    ['never', 'before'],
    [{ after: '3 days' }, 'before'],
    [{ after: '2 days' }, null],
    ['always', null],
  ])('if reenter %s rules it out', async (reenter, refused) => {
    const ada = await begin(starting(), course({ reenter }));
    await ada.forward('2 days');
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.profile.flags['start']).toMatchObject({ refused });
  });

  it('if the run would start itself, even if it restarts', async () => {
    const self = journey('a', { enter: signedUp, reenter: 'restart' }, async (j) => {
      await j.flag('start', 'start', { ...(await j.start('again', 'a')) });
    });
    const ada = await begin(self);
    expect(ada.profile.flags['start']).toEqual({ entered: false, refused: 'inside' });
  });
});

describe('a restart by a start', () => {
  it('ends the former run, also one that decides at the same instant', async () => {
    // The course sleeps as long as the journey that restarts it.
    const again = journey('a', { enter: signedUp }, async (j) => {
      await j.start('one', 'course');
      await j.sleep('a day', '1 day');
      await j.start('two', 'course');
      const end = await j.waitFor('over', ended('course').where({ step: 'two' }), { within: '7 days' });
      await j.flag('end', 'end', end && { ...end.properties });
    });
    const ada = await begin(again, course({ reenter: 'restart' }));
    await ada.forward('3 days');
    expect(runsOf(ada, 'course').map(({ endedBy }) => endedBy)).toEqual(['restart', 'returned']);
    expect(ada.profile.points).toBe(1);
    expect(ada.profile.flags['end']).toMatchObject({ by: 'returned' });
    expect(runsOf(ada, 'a')[0]?.endings).toMatchObject([
      { properties: { step: 'one', by: 'restart' } },
      { properties: { step: 'two' } },
    ]);
  });
});

describe('journeys that start one another', () => {
  const one = (id: string, next: string, reenter: Reenter = 'always', takesTime = false): Journey =>
    journey(id, { enter: manual(), reenter }, async (j) => {
      if (takesTime) await j.sleep('wait', '1 minute');
      await j.start('next', next);
    });
  const cyclesOf = async (...journeys: readonly Journey[]): Promise<string[]> => [
    ...endlessCycles(await compile({ journeys, ...RULES })).values(),
  ];

  it('are found before anybody enters', async () => {
    expect(await cyclesOf(one('a', 'b'), one('b', 'a'))).toEqual([
      "a goes on without end: 'a' starts 'b'; 'b' starts 'a'. Let one of them take time, or decide by a check.",
      "b goes on without end: 'b' starts 'a'; 'a' starts 'b'. Let one of them take time, or decide by a check.",
    ]);
    const tracking = journey('b', { enter: manual(), reenter: 'always' }, (j) =>
      j.track('tell', { userId: 'ada' }, teammateInvited, {}),
    );
    const told = journey('c', { enter: teammateInvited, reenter: 'always' }, async (j) => {
      await j.start('next', 'b');
    });
    expect(await cyclesOf(tracking, told)).toHaveLength(2);
    expect(await cyclesOf(one('a', 'a'))).toHaveLength(1);
  });

  it('are no endless cycle if one takes time, or may be entered once', async () => {
    expect(await cyclesOf(one('a', 'b'), one('b', 'a', 'always', true))).toEqual([]);
    expect(await cyclesOf(one('a', 'b'), one('b', 'a', 'never'))).toEqual([]);
    expect(await cyclesOf(one('a', 'b'))).toEqual([]);
  });

  it('stop after 100 runs at one instant', async () => {
    const first = journey('first', { enter: signedUp }, async (j) => {
      await j.start('next', 'a');
    });
    const ada = await begin(first, one('a', 'b'), one('b', 'a'));
    expect(ada.runs).toHaveLength(101);
    expect(ada.runs.at(-1)?.journal).toMatchObject([{ outcome: { refused: 'starts' } }]);
  });

  it('go on counting the events that journeys tracked', async () => {
    const asked = journey('asked', { enter: signedUp, reenter: 'always' }, async (j) => {
      await j.start('next', 'asking', {});
      await j.waitFor('over', ended('asking'), { within: '1 hour' });
    });
    const asking = journey('asking', { enter: manual(), reenter: 'always' }, (j) =>
      j.track('ask', { userId: 'ada' }, signedUp, { plan: 'free' }),
    );
    const ada = await begin(asked, asking);
    expect(ada.tracked.length).toBeLessThanOrEqual(16);
  });
});

describe('an edit', () => {
  const planned = (...steps: readonly string[]): Journey =>
    journey('a', { enter: signedUp }, async (j) => {
      for (const step of steps) {
        if (step === 'wait') await j.sleep(step, '2 hours');
        else if (step === 'over') await j.flag('end', 'end', (await j.waitFor('over', ended('course')))?.at ?? null);
        else await j.start(step, 'course');
      }
    });

  it('starts nothing behind the position, and nothing twice under another name', async () => {
    const again = course({ reenter: 'always', key: ({ properties: { n } }) => n as string | undefined });
    const ada = await begin(planned('give', 'wait'), again);
    await ada.deploy([planned('new', 'given', 'wait', 'later'), again]);
    await ada.forward('1 hour');
    expect(runsOf(ada, 'course')).toHaveLength(1);
    expect(runsOf(ada, 'a')[0]?.journal).toMatchObject([
      { step: 'give' },
      { step: 'new', status: 'skipped' },
      { step: 'given', status: 'skipped' },
      { step: 'wait' },
    ]);
  });

  it('that removes the step does not lose the end', async () => {
    const ada = await begin(planned('give', 'over'), course());
    await ada.deploy([planned('over'), course()]);
    await ada.forward('1 day');
    expect(ada.profile.flags['end']).toBe(ada.now);
  });

  it('that puts a step of another kind in its place does not lose the end, and starts nothing anew if it is undone', async () => {
    const replaced = journey('a', { enter: signedUp }, async (j) => {
      await j.award('give', { points: 10 });
      await j.flag('end', 'end', (await j.waitFor('over', ended('course')))?.at ?? null);
    });
    const again = course({ reenter: 'always' });
    const ada = await begin(planned('give', 'over'), again);
    await ada.deploy([replaced, again]);
    expect(runsOf(ada, 'a')).toMatchObject([{ status: 'active' }]);
    await ada.deploy([planned('give', 'over'), again]);
    expect(runsOf(ada, 'a')).toMatchObject([{ status: 'active', journal: [{ status: 'skipped' }, { step: 'over' }] }]);
    await ada.forward('1 day');
    expect(runsOf(ada, 'course')).toHaveLength(1);
    expect(ada.profile).toMatchObject({ points: 1, flags: { end: ada.now } });
  });

  it('that removes the journey leaves its run, and the wait, as they are', async () => {
    const ada = await begin(planned('give', 'over'), course());
    await ada.deploy([planned('give', 'over')]);
    await ada.forward('3 days');
    expect(runsOf(ada, 'a')).toMatchObject([{ status: 'active' }]);
    await ada.deploy([planned('give', 'over'), course()]);
    expect(runsOf(ada, 'a')).toMatchObject([{ status: 'completed' }]);
  });
});

it('an order that is placed twice is told apart', async () => {
  const each = journey(
    'each',
    { enter: orderPlaced, key: ({ properties: { orderId } }) => orderId, reenter: 'always' },
    async (j) => {
      await j.start('give', 'course', { key: j.key ?? 'none' });
      await j.waitFor('over', ended('course').where({ key: j.key }), { within: '3 days' });
      await j.flag('done', `done ${j.key}`);
    },
  );
  const ada = traveller([each, course({ key: () => undefined })]);
  for (const orderId of ['1', '2']) await ada.track(orderPlaced, { orderId });
  await ada.forward('2 days');
  expect(Object.keys(ada.profile.flags)).toEqual(['done 1', 'done 2']);
});
