import fc from 'fast-check';
import { z } from 'zod';
import { allOf, anyOf, event, type AllOf, type AnyOf, type EventDefinition } from '../authoring/event';
import { journey, type Journey, type Steps } from '../authoring/journey';
import { explore } from '../explore';
import { mistakesIn } from '../json/mistakes';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { toMs, type Duration } from '../model/duration';
import type { When } from '../model/instant';
import type { Json } from '../model/json';
import { signedUp } from '../testing/properties/catalogue';
import { traveller, type Traveller } from '../testing/traveller';

/** Rule 3, for waits that need several events, and for waits until an instant; see `docs/semantics.md`. */

const liked = event('Liked', z.object({ n: z.number() }), { n: 0 });
const shared = event('Shared', z.object({ n: z.number() }), { n: 0 });
const many = liked.where({ n: { atLeast: 10 } });

type Awaited = EventDefinition<unknown> | AnyOf | AllOf;
type Options = { times?: number; within?: Duration; until?: When; since?: 'now' };

/** What the waits of a journey answered, by step. */
type Answers = Record<string, Json>;

function waiting(waits: Readonly<Record<string, readonly [Awaited, Options?]>>, answers: Answers = {}): Journey {
  return journey('waiting', { enter: signedUp }, async (j) => {
    const steps = j as Steps;
    for (const [step, [awaited, options = {}]] of Object.entries(waits)) {
      const answer: unknown = await steps.waitFor(step, awaited as typeof liked, options as { within: Duration });
      answers[step] = answer as Json;
    }
    await j.sleep('on', '100 days');
  });
}

async function signUp(entered: Journey, at?: string): Promise<Traveller> {
  const ada = traveller(entered, at === undefined ? {} : { at });
  await ada.track(signedUp, { plan: 'free' });
  return ada;
}

const numbers = (answer: Json | undefined): unknown =>
  Array.isArray(answer) ? answer.map((one) => (one as { properties: { n: number } }).properties.n) : answer;

describe('times', () => {
  it('waits for as many events, and answers them in the order they happened', async () => {
    const answers: Answers = {};
    const ada = await signUp(waiting({ three: [anyOf(liked, shared), { times: 3, within: '1 day' }] }, answers));
    await ada.forward('1 hour');
    await ada.track(liked, { n: 2 });
    await ada.track(shared, { n: 1 }, { ago: '10 minutes' });
    expect(ada.journal).toMatchObject([{ status: 'waiting' }]);
    await ada.forward('1 hour');
    await ada.track(liked, { n: 3 });
    expect(numbers(answers['three'])).toEqual([1, 2, 3]);
    expect(ada.why('three')).toContain('Liked or Shared, 3 times');
  });

  it('answers null when the time is up, and leaves what came to later waits', async () => {
    const answers: Answers = {};
    const ada = await signUp(waiting({ three: [liked, { times: 3, within: '1 day' }], one: [liked] }, answers));
    await ada.track(liked, { n: 1 });
    await ada.forward('1 day');
    expect(answers['three']).toBeNull();
    expect(answers['one']).toMatchObject({ properties: { n: 1 } });
  });

  it('uses each event once', async () => {
    const answers: Answers = {};
    const ada = await signUp(waiting({ two: [liked, { times: 2 }], more: [liked, { times: 2 }] }, answers));
    for (const n of [1, 2, 3, 4, 5]) await ada.track(liked, { n });
    expect([numbers(answers['two']), numbers(answers['more'])]).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});

describe('allOf', () => {
  it('waits until all have come, in any order, and answers them in the order of the code', async () => {
    const answers: Answers = {};
    const ada = await signUp(waiting({ both: [allOf(liked, shared), { within: '1 day' }] }, answers));
    await ada.track(shared, { n: 1 });
    await ada.track(shared, { n: 2 });
    expect(ada.journal).toMatchObject([{ status: 'waiting' }]);
    await ada.track(liked, { n: 3 });
    expect(numbers(answers['both'])).toEqual([3, 1]);
  });

  it('has events typed by their place', () => {
    journey('typed', { enter: signedUp }, async (j) => {
      const both = await j.waitFor('both', allOf(liked, anyOf(shared, signedUp)));
      const first: 'Liked' | undefined = both?.[0].name;
      const second: 'Shared' | 'Signed Up' | undefined = both?.[1].name;
      // @ts-expect-error There are two events.
      const third = both?.[2];
      const list = await j.waitFor('list', liked, { times: 3 });
      const n: number | undefined = list?.at(-1)?.properties.n;
      // @ts-expect-error It is `times` of one event, or all of several.
      await j.waitFor('neither', allOf(liked, shared), { times: 2 });
      expect([first, second, third, n]).toHaveLength(4);
    });
  });

  it('answers null when one is missing, and leaves the others to later waits', async () => {
    const answers: Answers = {};
    const ada = await signUp(waiting({ both: [allOf(liked, shared), { within: '1 day' }], one: [liked] }, answers));
    await ada.track(liked, { n: 1 });
    await ada.forward('1 day');
    expect(answers).toMatchObject({ both: null, one: { properties: { n: 1 } } });
  });

  it.each([
    [
      [1, 10],
      [1, 10],
    ],
    [
      [10, 1],
      [1, 10],
    ],
    [
      [10, 11],
      [10, 11],
    ],
  ])('finds an event for each where filters overlap: %j', async (came, answered) => {
    const answers: Answers = {};
    const ada = await signUp(waiting({ both: [allOf(liked, many)] }, answers));
    for (const n of came) await ada.track(liked, { n });
    expect(numbers(answers['both'])).toEqual(answered);
  });
});

describe('until', () => {
  const NOON = '2026-01-05T12:00:00Z';

  it('an instant ends the wait exactly then', async () => {
    const ada = await signUp(
      waiting({ like: [liked, { until: { before: '2026-01-08T15:00:07.250Z', by: '1 hour' } }] }),
    );
    await ada.forward('3 days');
    expect(ada.journal[0]).toMatchObject({ status: 'waiting', until: Date.parse('2026-01-08T14:00:07.250Z') });
    await ada.forward('3 hours');
    expect(ada.journal[0]).toMatchObject({
      outcome: null,
      reason: 'timeout',
      at: Date.parse('2026-01-08T14:00:07.250Z'),
    });
  });

  it('an event counts if it was received by then', async () => {
    const answers: Answers = {};
    const ada = await signUp(waiting({ like: [liked, { until: '2026-01-06T12:00:00Z' }] }, answers));
    await ada.forward('1 day');
    expect(ada.journal[0]).toMatchObject({ outcome: null, reason: 'timeout' });
    const grace = await signUp(waiting({ like: [liked, { until: '2026-01-06T12:00:00Z' }] }, answers));
    await grace.forward('23 hours');
    await grace.track(liked, { n: 1 });
    expect(answers).toMatchObject({ like: { properties: { n: 1 } } });
  });

  it('an instant that is over asks what has happened by then', async () => {
    const answers: Answers = {};
    const ada = await signUp(
      waiting(
        { first: [shared], like: [liked, { until: '2026-01-05T13:00:00Z' }], late: [liked, { until: NOON }] },
        answers,
      ),
    );
    await ada.forward('30 minutes');
    await ada.track(liked, { n: 1 });
    await ada.forward('2 hours');
    await ada.track(liked, { n: 2 });
    await ada.track(shared, { n: 3 });
    expect(answers).toMatchObject({ like: { properties: { n: 1 } }, late: null });
  });

  it('a time of the calendar is that of the user, also after a move, and in a night in which the clocks change', async () => {
    const ada = traveller(waiting({ like: [liked, { until: { at: '09:00' } }] }), {
      timezone: 'Europe/Berlin',
      at: '2026-03-28T12:00:00Z',
    });
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.journal).toMatchObject([{ until: Date.parse('2026-03-29T07:00:00Z') }]);
    await ada.identify({ timezone: 'America/New_York' });
    expect(ada.journal).toMatchObject([{ until: Date.parse('2026-03-28T13:00:00Z') }]);
  });

  it('an edit that moves it keeps the start; one that is past ends the wait now', async () => {
    const until = (time: string): Journey => waiting({ like: [liked, { until: time }] });
    const ada = await signUp(until('2026-01-09T12:00:00Z'));
    await ada.forward('2 days');
    await ada.deploy(until('2026-01-08T12:00:00Z'));
    expect(ada.journal).toMatchObject([{ status: 'waiting', until: Date.parse('2026-01-08T12:00:00Z') }]);
    await ada.deploy(until('2026-01-06T12:00:00Z'));
    expect(ada.journal[0]).toMatchObject({ status: 'done', outcome: null, at: ada.now });
  });
});

describe('an edit of how many events a wait needs', () => {
  const wait = (awaited: Awaited, options: Options, answers: Answers = {}): Journey =>
    waiting({ wait: [awaited, options] }, answers);

  it('lets a wait that has begun look back at once', async () => {
    const ada = await signUp(wait(liked, { times: 3 }));
    for (const n of [1, 2]) await ada.track(liked, { n });
    const answers: Answers = {};
    await ada.deploy(wait(liked, { times: 2 }, answers));
    expect(numbers(answers['wait'])).toEqual([1, 2]);
  });

  it('gives the code of a decided wait what was decided, or null where that does not fit', async () => {
    const one = await signUp(wait(liked, {}));
    await one.track(liked, { n: 1 });
    const answers: Answers = {};
    await one.deploy(wait(liked, { times: 2 }, answers));
    expect(numbers(answers['wait'])).toEqual([1]);
    await one.deploy(wait(allOf(liked, shared), {}, answers));
    expect(answers['wait']).toBeNull();

    const both = await signUp(wait(allOf(shared, liked), {}));
    for (const [what, n] of [
      [liked, 1],
      [shared, 2],
    ] as const)
      await both.track(what, { n });
    await both.deploy(wait(shared, {}, answers));
    expect(answers['wait']).toMatchObject({ properties: { n: 2 } });
    await both.deploy(wait(allOf(many, shared), {}, answers));
    expect(numbers(answers['wait'])).toEqual([1, 2]);
  });
});

it.each([
  [liked, { within: '1 day', until: '2026-01-06' }, 'not both'],
  [liked, { times: 1 }, 'a whole number from 2 to 100'],
  [liked, { times: 2.5 }, 'a whole number from 2 to 100'],
  [allOf(liked, shared), { times: 2 }, 'not with allOf'],
  [allOf(), {}, 'Expected 1 to 100 events'],
  [{ kind: 'event', name: '*', schema: null, example: {} }, { times: 2 }, 'Name the events'],
  [liked, { until: 'tomorrow' }, 'Not a time'],
] as const)('%j with %j is refused', async (awaited, options, error) => {
  const ada = await signUp(waiting({ wait: [awaited, options] }));
  expect(ada.runs).toMatchObject([{ status: 'failed', reason: expect.stringContaining(error) }]);
});

describe('explore', () => {
  it('walks both ways out of a wait for several events', async () => {
    for (const awaited of [
      [liked, { times: 3, within: '1 day' }] as const,
      [allOf(liked), { within: '1 day' }] as const,
    ]) {
      const { defects, tree } = await explore(waiting({ several: awaited }));
      expect(defects).toEqual([]);
      expect(JSON.stringify(tree)).toContain('timeout');
      expect(JSON.stringify(tree)).toContain('Liked');
    }
  });

  it('walks a wait until an instant both ways, wherever the instant lies', async () => {
    for (const until of ['2020-01-01', '2030-01-01']) {
      const text = JSON.stringify((await explore(waiting({ like: [liked, { until }] }))).tree);
      expect(text).toContain('timeout');
      expect(text).toContain('Liked');
    }
  });
});

describe('a journey made of data', () => {
  const catalogue = new Map([signedUp, liked, shared].map((one) => [one.name, one]));
  const parsed = (wait: object) =>
    journeyDefinition.parse({
      enter: { kind: 'event', event: 'Signed Up' },
      steps: [
        {
          kind: 'waitFor',
          step: 'wait',
          events: ['Liked', 'Shared'],
          ...wait,
          then: [
            { kind: 'check', step: 'last is 2', if: { '==': [{ var: 'steps.wait.properties.n' }, 2] }, then: [award] },
          ],
        },
      ],
    });
  const award = { kind: 'award', step: 'it is', points: 7 };

  it.each([
    [{ all: true }],
    [{ times: 2 }],
    [{ times: 2, until: { after: { var: 'entered.properties.plan' }, by: '1 day' } }],
  ])('waits as its code would, and conditions read the last event: %j', async (wait) => {
    const ada = traveller(toJourney('defined', parsed(wait), catalogue));
    await ada.track(signedUp, { plan: '2026-01-05T12:00:00Z' });
    await ada.track(liked, { n: 1 });
    expect(ada.profile.points).toBe(0);
    await ada.forward('1 hour');
    await ada.track(shared, { n: 2 });
    expect(ada.profile.points).toBe(7);
  });

  it.each([
    [{ within: '1 day', until: '2026-01-06' }, '/steps/0/until', 'not both'],
    [{ all: true, times: 2 }, '/steps/0/times', 'not both'],
    [{ events: ['*'], times: 2 }, '/steps/0/events/0', 'Name the events'],
  ])('%j is refused by name', (wait, path, message) => {
    const mistakes = mistakesIn(parsed(wait), catalogue).map((one) => [`/${one.path.join('/')}`, one.message]);
    expect(mistakes).toContainEqual([path, expect.stringContaining(message)]);
  });
});

it('three times is the third of a wait after another, whatever comes when', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 6 }),
      fc.constantFrom<Duration>('10 minutes', '1 hour', '1 day'),
      async (gaps, within) => {
        const answers: Answers = {};
        const ada = await signUp(waiting({ wait: [liked, { times: 3, within }] }, answers));
        const start = ada.now;
        const received: number[] = [];
        for (const [n, gap] of gaps.entries()) {
          await ada.forward(`${gap} seconds`);
          await ada.track(liked, { n });
          received.push(ada.now - start);
        }
        await ada.forward('2 days');
        const third = received[2];
        const inTime = third !== undefined && third < toMs(within);
        expect(numbers(answers['wait'])).toEqual(inTime ? [0, 1, 2] : null);
      },
    ),
    { numRuns: 60 },
  ));
