import { z } from 'zod';
import { event } from '../authoring/event';
import { journey, type Facts } from '../authoring/journey';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import type { Json } from '../model/json';
import { traveller, type Traveller } from '../testing/traveller';

/** What is known of a user's groups is asked in a `check` or `pick`, at the time of the step, and the answer is recorded. */

const opened = event('App Opened', z.object({}), {});
const created = event('Project Created', z.object({ size: z.number() }), { size: 1 });

async function answerOf(
  decide: (facts: Facts) => Json,
  before: (ada: Traveller) => Promise<unknown>,
): Promise<{ outcome: Json | undefined; facts: object }> {
  const ada = traveller(
    journey('asking', { enter: opened }, async (j) => {
      await j.pick('asked', decide);
    }),
    { traits: { role: 'admin' } },
  );
  await before(ada);
  await ada.track(opened, {});
  return { outcome: ada.journal[0]?.outcome, facts: ada.journal[0]?.facts ?? {} };
}

const nothing = async (): Promise<void> => undefined;
const inTwoGroups = async (ada: Traveller): Promise<void> => {
  await ada.group('acme', { seats: 5, plan: 'pro' });
  await ada.group('apollo', { groupType: 'team', color: 'red' });
  await ada.group('acme', { seats: 60 });
  await ada.track(created, { size: 3 });
};

it.each<[string, (facts: Facts) => Json, (ada: Traveller) => Promise<unknown>, Json]>([
  ['a trait is what was said of it last', ({ group }) => group('company').traits['seats'] ?? null, inTwoGroups, 60],
  ['what is not said again stays', ({ group }) => group().traits['plan'] ?? null, inTwoGroups, 'pro'],
  ['a group has the type that it is said to have', ({ group }) => group('team').traits, inTwoGroups, { color: 'red' }],
  ['without a group there are no traits', ({ group }) => group().traits['seats'] ?? null, nothing, null],
  ['without a group there is no id', ({ group }) => group('team').id, nothing, null],
  [
    'of several groups of a type, the latest one is meant',
    ({ group }) => group().id,
    async (ada) => {
      await ada.group('umbrella');
      await ada.group('acme');
      await ada.group('umbrella');
    },
    'umbrella',
  ],
  ['its members are counted', ({ group }) => [group().members.count, group('club').members.count], inTwoGroups, [1, 0]],
  [
    'members are found by their traits',
    ({ group }) =>
      ['admin', 'guest'].map((role) =>
        group()
          .members.list({ where: { role } })
          .map(({ id }) => id),
      ),
    inTwoGroups,
    [['ada'], []],
  ],
  [
    'what its members did is counted',
    ({ did }) => [did(created).of('company').count({ within: '30 days' }), did(created).of('club').count()],
    inTwoGroups,
    [1, 0],
  ],
])('%s', async (_, decide, before, expected) => {
  expect(await answerOf(decide, before)).toMatchObject({ outcome: expected });
});

it('the answers are recorded with the step, without the ids and properties of others', async () => {
  const decide = ({ group, did }: Facts): Json => [
    group().traits['seats'] ?? null,
    group().members.count,
    group().members.list({ where: { role: 'admin' } }).length,
    did(created).of().sum('size'),
    did(created).of().last?.properties.size ?? null,
  ];
  const { outcome, facts } = await answerOf(decide, inTwoGroups);
  expect(outcome).toEqual([60, 1, 1, 3, 3]);
  expect(facts).toEqual({
    'group(company).traits.seats': 60,
    'group(company).members.count': 1,
    'group(company).members.list where {"role":"admin"}': [Date.parse('2026-01-05T12:00:00Z')],
    'did(Project Created).of(company).sum size': 3,
    'did(Project Created).of(company).last': '2026-01-05 12:00',
  });
});

it('the traits of a group are read-only, and reading them changes nothing', async () => {
  const decide = ({ group }: Facts): Json => {
    const traits = group().traits as Record<string, Json>;
    traits['seats'] = 1;
    return traits;
  };
  const ada = traveller(journey('asking', { enter: opened }, (j) => j.pick('asked', decide).then(() => undefined)));
  await ada.group('acme', { seats: 5 });
  await ada.track(opened, {});
  expect(ada.runs[0]?.failure?.error).toContain("'seats' is read-only here");
});

it('a decided step keeps its answer, and a change of the group wakes nobody', async () => {
  const asking = journey('asking', { enter: opened }, async (j) => {
    await j.check('large', ({ group }) => Number(group().traits['seats']) > 50);
    await j.waitFor('a project', created, { within: '2 days' });
    await j.check('large now', ({ group }) => Number(group().traits['seats']) > 50);
  });
  const ada = traveller(asking);
  await ada.group('acme', { seats: 5 });
  await ada.track(opened, {});
  await ada.group('acme', { seats: 60 });
  expect(ada.journal.map(({ step }) => step)).toEqual(['large', 'a project']);
  await ada.forward('2 days');
  expect(ada.journal).toMatchObject([{ outcome: false }, {}, { outcome: true }]);
});

it('a journey made of data asks the same', async () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'App Opened' },
    steps: [
      {
        kind: 'check',
        step: 'large',
        if: {
          and: [
            { '>': [{ var: 'group.company.traits.seats' }, 50] },
            { '==': [{ var: 'group.company.members' }, 1] },
            { '==': [{ did: [{ event: 'Project Created', of: 'company' }, 'count', '30 days'] }, 1] },
          ],
        },
      },
    ],
  });
  const ada = traveller(toJourney('asking', definition, new Map([opened, created].map((one) => [one.name, one]))));
  await inTwoGroups(ada);
  await ada.track(opened, {});
  expect(ada.journal).toMatchObject([{ outcome: true, facts: { 'group(company).traits.seats': 60 } }]);
});
