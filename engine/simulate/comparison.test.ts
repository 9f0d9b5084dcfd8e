import { projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { compile } from '../outline/compile';
import type { Definitions } from '../definitions/definitions';
import { journey, type Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { comparisonOf, type Comparison, type Difference } from './comparison';
import { livesOfPeople } from './index';
import { PairedTally } from './paired-tally';
import { People } from './person';
import { population, type Persona } from './population';
import { shareOf } from './share';
import { spanOf } from './span';
import { spreadOf } from './spread';

const PERSONA: Persona = {
  share: 1,
  visitsPerWeek: 4,
  hours: (hour) => (hour >= 8 && hour < 22 ? 1 : 0),
  does: [{ event: projectCreated, chance: 0.2 }],
  reach: { email: 0.8, inApp: 1 },
  reactions: {
    email: { open: 0.5, click: 0.2, optOut: 0.05, does: 0.5, after: '5 hours' },
    inApp: { open: 0.6, click: 0.3, optOut: 0, does: 0.3, after: '1 minute' },
  },
  churn: { perWeek: 0.1, opens: 0.5 },
};
const WHO = population({
  kinds: { typical: PERSONA },
  zones: { 'Europe/Berlin': 1 },
  arrive: [signedUp],
  over: '1 week',
});

const nudging = (wait: '1 day' | '3 days', asks = true): Journey =>
  journey('nudging', { enter: signedUp, goal: { event: projectCreated, within: '14 days' } }, async (j) => {
    if (await j.waitFor('project', projectCreated, { within: wait })) return;
    if (asks) await j.send('nudge', { email: 'nudge' });
    await j.waitFor('after all', projectCreated, { within: '7 days' });
  });
const thanking = journey('thanking', { enter: projectCreated, reenter: 'always' }, async (j) => {
  await j.sleep('a day', '1 day');
  await j.send('thanks', { inApp: 'thanks', email: 'thanks' });
});

const apart = journey('apart', { enter: signedUp }, async (j) => {
  await j.send('first card', { inApp: 'card' });
  await j.sleep('a week', '7 days');
  await j.send('second card', { inApp: 'card', email: 'card' });
});

const span = spanOf({ days: 28, seed: 3 });
const PEOPLE = 60;

const defined = (journeys: readonly Journey[]): Promise<Definitions> =>
  compile({ lifecycle: lifecycle({ initial: 'new', rules: [] }), traits: {}, ...unrestrained, journeys });

async function pairs(
  before: Definitions,
  after: Definitions,
  { first = 0, count = PEOPLE } = {},
): Promise<PairedTally> {
  const people = new People(WHO, span);
  const tally = new PairedTally(span.begin);
  const old = livesOfPeople(people, before, { first, count });
  for await (const life of livesOfPeople(people, after, { first, count })) {
    const { value, done } = await old.next();
    if (done !== true) tally.add(value, life);
  }
  return tally;
}

async function compared(before: readonly Journey[], after: readonly Journey[]): Promise<Comparison> {
  const [old, now] = [await defined(before), await defined(after)];
  const tally = await pairs(old, now);
  return comparisonOf(tally, { span, from: 'population' }, { before: old, after: now });
}

const find = ({ differences }: Comparison, measure: Difference['measure']): Difference | undefined =>
  differences.find((one) => JSON.stringify(one.measure) === JSON.stringify(measure));

test('the same journeys differ for nobody', async () => {
  const both = [nudging('1 day'), thanking];
  expect(await compared(both, both)).toMatchObject({ differing: 0, retimed: 0, differences: [] });
});

test('only what an edit brings about differs, for each person by what they get more or less', async () => {
  const comparison = await compared([nudging('1 day'), thanking, apart], [nudging('1 day', false), thanking, apart]);
  const nudges = { of: 'messages by step', journey: 'nudging', step: 'nudge', channel: 'email' } as const;
  const fewer = find(comparison, nudges);
  const sent = (one: 'before' | 'after'): number =>
    comparison[one].journeys.find(({ journey: id }) => id === 'nudging')?.sent ?? 0;
  expect(fewer).toMatchObject({ people: sent('before'), total: -sent('before'), clear: true });
  expect([sent('before') > 20, sent('after')]).toEqual([true, 0]);
  expect(fewer?.mean).toBeCloseTo(-sent('before') / PEOPLE, 10);
  // A nudge makes some people come back, who then create a project. Nothing else differs.
  const concerned = comparison.differences.map(({ measure }) => ('journey' in measure ? measure.journey : measure.of));
  expect(new Set(concerned)).toEqual(new Set(['messages', 'messages by channel', 'nudging', 'thanking']));
  // People whom no mail reached behave the same in both versions.
  expect(comparison.differing).toBeLessThan(PEOPLE * 0.8);
});

test('people whose messages only come at another time are told apart', async () => {
  const always = (wait: '1 day' | '3 days'): Journey =>
    journey('card', { enter: signedUp }, async (j) => {
      await j.sleep('a while', wait);
      await j.send('card', { inApp: 'card' });
    });
  const { differing, retimed } = await compared([always('1 day')], [always('3 days')]);
  expect(differing + retimed).toBe(PEOPLE);
  expect(retimed).toBeGreaterThan(0);
});

test('the sums do not depend on a split into parts', async () => {
  const [old, now] = [await defined([nudging('1 day')]), await defined([nudging('3 days')])];
  const whole = await pairs(old, now, { count: 20 });
  const parts = new PairedTally(span.begin);
  parts.merge((await pairs(old, now, { first: 12, count: 8 })).sums());
  parts.merge((await pairs(old, now, { first: 0, count: 12 })).sums());
  const report = (tally: PairedTally): Comparison =>
    comparisonOf(tally, { span, from: 'population' }, { before: old, after: now });
  expect(report(parts)).toEqual(report(whole));
});

test('the interval is that of paired differences, and a few people prove nothing', async () => {
  const definitions = await defined([thanking]);
  const report = (pair: { before: number; after: number }, people: number, same: number): Difference | undefined => {
    const tally = new PairedTally(span.begin);
    tally.pairs.add({ of: 'messages', ...pair }, people);
    tally.people.add({ differs: 'counts' }, people);
    tally.people.add({ differs: null }, same);
    const both = { before: definitions, after: definitions };
    return comparisonOf(tally, { span, from: 'population' }, both).differences[0];
  };
  // Differences 1 (6 times) and 0 (4 times): mean 0.6, standard deviation 0.5164, t of 9 degrees of freedom 2.262.
  const ten = report({ before: 0, after: 1 }, 6, 4);
  expect(ten).toMatchObject({ people: 6, total: 6, mean: 0.6, clear: true });
  expect(ten?.low).toBeCloseTo(0.6 - (2.262 * 0.5164) / Math.sqrt(10), 2);
  expect(ten?.high).toBeCloseTo(0.6 + (2.262 * 0.5164) / Math.sqrt(10), 2);
  expect(report({ before: 3, after: 0 }, 5, 0)).toMatchObject({ total: -15, clear: false });
  expect(report({ before: 0, after: 1 }, 3, 997)).toMatchObject({ clear: false });
  expect(report({ before: 0, after: 1 }, 30, 970)).toMatchObject({ clear: true });
});

test('the spread says what half of the people get, and the tenth who get most', () => {
  const received = [
    { messages: 0, count: 12 },
    { messages: 2, count: 10 },
    { messages: 9, count: 1 },
    { messages: 20, count: 2 },
  ];
  expect(spreadOf(received)).toEqual({
    people: 25,
    mean: 69 / 25,
    median: 2,
    top: { people: 3, mean: 49 / 3, least: 9 },
  });
  expect(spreadOf([])).toMatchObject({ people: 0, mean: 0 });
});

test('the interval of a share stays between 0 and 1, and nothing is said of no cases', () => {
  expect(shareOf(0, 0)).toBeNull();
  const none = shareOf(0, 21);
  expect([none?.value, none?.low]).toEqual([0, 0]);
  expect(none?.high).toBeCloseTo(0.1546, 3);
  const some = shareOf(263, 403);
  expect(some?.low).toBeCloseTo(0.6049, 3);
  expect(some?.high).toBeCloseTo(0.6975, 3);
});
