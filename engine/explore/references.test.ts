import { z } from 'zod';
import { ended } from '../authoring/ended';
import { event } from '../authoring/event';
import { journey, type Journey, type JourneyOptions, type Steps } from '../authoring/journey';
import { toJourney } from '../json/to-journey';
import { journeyDefinition } from '../json/schema';
import { trait } from '../model/trait-time';
import { before } from '../user/triggers';
import { explore, type ExploreOptions } from './index';

/** What a journey names and what is not there: `explore` names it, and the step. */

const joined = event('Joined', z.object({ plan: z.enum(['free', 'pro']) }), { plan: 'free' });
const traits = { email: 'ada@example.com', trialEndsAt: '2026-01-19T12:00:00Z' };

type Options = Partial<JourneyOptions<typeof joined>>;

const made = (run: (j: Steps) => Promise<unknown>, options: Options = {}): Journey =>
  journey('tour', { enter: joined, ...options }, async (j) => {
    await run(j);
  });

const defectsIn = async (run: Parameters<typeof made>[0], options: Options = {}, rules: ExploreOptions['with'] = {}) =>
  (await explore(made(run, options), { with: rules })).defects;

it('a message without a channel, with its step', async () => {
  expect(await defectsIn((j) => j.send('hello', {}))).toMatchObject([{ kind: 'send without channel', step: 'hello' }]);
});

it('a message without a channel on one path', async () => {
  const defects = await defectsIn(async (j) => {
    const byMail = await j.check('by mail', ({ user }) => user.points > 3);
    await j.send('hello', byMail ? { email: 'hello' } : {});
  });
  expect(defects).toMatchObject([{ kind: 'send without channel', step: 'hello' }]);
});

it.each<[string, (j: Steps) => Promise<unknown>]>([
  ['sleepUntil', (j) => j.sleepUntil('end', trait('trialEnd'))],
  ['sleepUntil, a while before', (j) => j.sleepUntil('end', { before: trait('trialEnd'), by: '1 day' })],
  ['sleepUntil, unless it is past', (j) => j.sleepUntil('end', trait('trialEnd'), { ifPast: 'skip' })],
  ['a time of day', (j) => j.sleepUntil('end', { at: trait('trialEnd') })],
  ['the end of a wait', (j) => j.waitFor('end', joined, { until: trait('trialEnd') })],
])('a trait of which there is no example: %s', async (_, run) => {
  expect(await defectsIn(run, {}, { traits })).toMatchObject([
    {
      kind: 'unknown trait',
      step: 'end',
      text: "the wait ends by the trait 'trialEnd', of which there is no example. There are email, trialEndsAt.",
    },
  ]);
});

it('a trait by which users enter', async () => {
  const byDate = journey('tour', { enter: before(trait('trialEnd'), '1 day') }, async () => {});
  expect((await explore(byDate, { with: { traits } })).defects).toMatchObject([{ kind: 'unknown trait', step: null }]);
});

it('no trait is missed that has an example, nor where there are no examples', async () => {
  expect(await defectsIn((j) => j.sleepUntil('end', trait('trialEndsAt')), {}, { traits })).toEqual([]);
  expect(await defectsIn((j) => j.sleepUntil('end', trait('trialEnd')))).toEqual([]);
});

it('in a journey made of data, a trait without an example is a warning', async () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'Joined' },
    steps: [{ kind: 'sleepUntil', step: 'end', when: { trait: 'trialEnd' } }],
  });
  const defined = toJourney('tour', definition, new Map([['Joined', joined]]));
  expect(await explore(defined, { with: { traits } })).toMatchObject({
    defects: [],
    warnings: [{ kind: 'unknown trait', step: 'end' }],
  });
});

it('the end of a journey that the code does not start: as a wait, a collection, an exit and the goal', async () => {
  const text = "is the end of 'course', which no step of this journey starts";
  const kind = 'unknown journey';
  const end = ended('course');
  const begin = (j: Steps): Promise<unknown> => j.start('begin', 'other');
  expect(
    await defectsIn(async (j) => {
      await begin(j);
      await j.start('text', 'other');
      await j.waitFor('over', end, { within: '1 day' });
    }),
  ).toEqual([]);
  expect(await defectsIn((j) => j.waitFor('over', end, { within: '1 day' }))).toMatchObject([
    { kind, step: 'over', text: `the wait ${text}` },
  ]);
  expect(await defectsIn((j) => j.collect('over', end, { for: '1 day', within: '1 day' }))).toMatchObject([
    { kind, step: 'over' },
  ]);
  const none = (): Promise<void> => Promise.resolve();
  expect(await defectsIn(none, { exit: [end] })).toMatchObject([
    { kind, step: null, option: 'exit', text: `an exit ${text}` },
  ]);
  expect(await defectsIn((j) => j.exit('out'), { goal: { event: end } })).toMatchObject([
    { kind, step: null, text: `the goal ${text}` },
  ]);
});

it('the end of a journey that some path starts is awaited rightly', async () => {
  const course = journey('course', { enter: joined }, async () => {});
  const defects = await defectsIn(
    async (j) => {
      if (j.event.properties['plan'] === 'pro') await j.start('begin', course);
      await j.start('another', 'intro');
      await j.waitFor('over', ended('intro'), { within: '1 day' });
    },
    { exit: [ended(course)] },
  );
  expect(defects).toEqual([]);
});

it('a start of a journey that is not in code is a warning, because one may be published', async () => {
  const intro = journey('intro', { enter: joined }, async () => {});
  const run = async (j: Steps): Promise<void> => {
    await j.start('known', intro);
    await j.start('lost', 'itnro');
  };
  expect(await explore(made(run), { with: { journeys: [intro] } })).toMatchObject({
    defects: [],
    warnings: [{ kind: 'unknown journey', step: 'lost', text: expect.stringContaining("'itnro'") }],
  });
  expect((await explore(made(run))).warnings).toEqual([]);
});

it('a redirection to a step that the journey does not have', async () => {
  const onEdit = [
    { from: 'a week', to: 'two weeks' },
    { from: 'a week', to: 'day 7' },
    { from: 'a week', to: 'tow weeks' },
  ];
  const moved = journey('tour', { enter: joined, onEdit }, async (j) => {
    await j.sleep('two weeks', '14 days');
    for (const day of [1, 2]) await j.sleep(`day ${day}`, '1 day');
  });
  expect((await explore(moved)).defects).toMatchObject([
    {
      kind: 'unknown step',
      step: null,
      text: "onEdit moves users from 'a week' to 'tow weeks', which is no step of the journey",
    },
  ]);
});

it('no redirection is taken for lost where functions defined elsewhere name the steps', async () => {
  const sleepThrough = (j: Steps, what: string): Promise<void> => j.sleep(`through ${what}`, '1 day');
  const onEdit = { from: 'a week', to: 'through autumn' };
  expect(await defectsIn((j) => sleepThrough(j, 'summer'), { onEdit })).toEqual([]);
});
