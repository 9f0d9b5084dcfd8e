import { z } from 'zod';
import { activity, anyOf, event } from '../authoring/event';
import { journey, type Facts } from '../authoring/journey';
import type { Json } from '../model/json';
import { traveller } from '../testing/traveller';

/** What a user did is asked in a `check` or `pick`, at the time of the step, and the answer is recorded. */

const opened = event('App Opened', z.object({}), {});
const ordered = event('Order Placed', z.object({ total: z.number(), plan: z.string().optional() }), { total: 10 });
const trained = event('Trained', z.object({}), {});
const BERLIN = { traits: { timezone: 'Europe/Berlin' } };

/** The answer of a user who has done `before`, and then opens the app. */
async function answerOf(
  decide: (facts: Facts) => Json,
  before: (ada: ReturnType<typeof traveller>) => Promise<unknown>,
): Promise<{ outcome: Json | undefined; facts: object }> {
  const asking = journey('asking', { enter: opened }, async (j) => {
    await j.pick('asked', decide);
  });
  const ada = traveller(asking, BERLIN);
  await before(ada);
  await ada.track(opened, {});
  const record = ada.journal.find(({ step }) => step === 'asked');
  return { outcome: record?.outcome, facts: record?.facts ?? {} };
}

const threeOrders = async (ada: ReturnType<typeof traveller>): Promise<void> => {
  await ada.track(ordered, { total: 10 });
  await ada.forward('40 days');
  await ada.track(ordered, { total: 20, plan: 'pro' });
  await ada.track(ordered, { total: 30 });
};

it.each<[string, (facts: Facts) => Json, Json]>([
  ['counts events that no journey awaited', ({ did }) => did(ordered).count(), 3],
  ['counts within a span', ({ did }) => did(ordered).count({ within: '30 days' }), 2],
  ['counts those that pass a filter', ({ did }) => did(ordered.where({ total: { atLeast: 20 } })).count(), 2],
  ['counts any of several', ({ did }) => did(anyOf(ordered, opened)).count(), 4],
  ['counts the event that let the user enter', ({ did }) => did(opened).count(), 1],
  ['sums a property', ({ did }) => did(ordered).sum('total'), 60],
  ['sums within a span', ({ did }) => did(ordered).sum('total', { within: '1 day' }), 50],
  ['knows the first', ({ did }) => did(ordered).first?.properties.total ?? null, 10],
  ['knows the last', ({ did }) => did(ordered).last?.properties.total ?? null, 30],
  [
    'lists them in order',
    ({ did }) =>
      did(ordered)
        .list()
        .map(({ properties }) => properties.total),
    [10, 20, 30],
  ],
  [
    'knows that there is none',
    ({ did }) => [did(trained).count(), did(trained).last === null, did(trained).streak()],
    [0, true, 0],
  ],
])('%s', async (_, decide, expected) => {
  expect(await answerOf(decide, threeOrders)).toMatchObject({ outcome: expected });
});

it('the answers are recorded with the step', async () => {
  const decide = ({ did }: Facts): Json => [
    did(ordered).count({ within: '30 days' }),
    did(ordered).list().length,
    did(ordered.where({ total: 20 })).last?.properties.plan ?? null,
  ];
  const { facts } = await answerOf(decide, threeOrders);
  expect(facts).toMatchObject({
    'did(Order Placed).count within 30 days': 2,
    'did(Order Placed).list': [
      expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d$/),
      expect.any(String),
      expect.any(String),
    ],
    'did(Order Placed where {"total":20}).last': { name: 'Order Placed', properties: { total: 20, plan: 'pro' } },
  });
});

it('a decided step keeps its answer, whatever the user does later', async () => {
  const asking = journey('asking', { enter: opened }, async (j) => {
    await j.check('no order', ({ did }) => did(ordered).count() === 0);
    await j.sleep('a day', '1 day');
  });
  const ada = traveller(asking);
  await ada.track(opened, {});
  await ada.track(ordered, { total: 10 });
  await ada.forward('2 days');
  expect(ada.journal[0]).toMatchObject({ step: 'no order', outcome: true });
});

it('what arrives late counts from then on', async () => {
  const asking = journey('asking', { enter: opened }, async (j) => {
    await j.pick('before', ({ did }) => did(ordered).count());
    await j.sleep('a day', '1 day');
    await j.pick('after', ({ did }) => did(ordered).count());
  });
  const ada = traveller(asking);
  await ada.track(opened, {});
  await ada.track(ordered, { total: 10 }, { ago: '2 days' });
  await ada.forward('1 day');
  expect(ada.journal).toMatchObject([{ outcome: 0 }, {}, { outcome: 1 }]);
});

describe('days', () => {
  it('are those of the user, each counted once', async () => {
    const decide = ({ did, local }: Facts): Json => [
      did(trained).days(),
      did(trained).last?.local.time ?? null,
      local.date,
    ];
    const { outcome } = await answerOf(decide, async (ada) => {
      await ada.forwardTo('2026-03-01T22:30:00Z');
      await ada.track(trained, {});
      await ada.forwardTo('2026-03-01T23:30:00Z');
      await ada.track(trained, {});
      await ada.track(trained, {});
    });
    expect(outcome).toEqual([['2026-03-01', '2026-03-02'], '00:30', '2026-03-02']);
  });

  const trainOn =
    (...days: string[]) =>
    async (ada: ReturnType<typeof traveller>): Promise<void> => {
      for (const day of days) {
        await ada.forwardTo(`${day}T17:00:00Z`);
        await ada.track(trained, {});
      }
    };
  it.each<[string, number, string[]]>([
    ['up to today', 3, ['2026-03-27', '2026-03-28', '2026-03-29']],
    ['two sessions a day are one day', 2, ['2026-03-28', '2026-03-29', '2026-03-29']],
    ['a day without ends it', 1, ['2026-03-27', '2026-03-29']],
  ])('a streak: %s', async (_, length, days) => {
    expect(await answerOf(({ did }) => did(trained).streak(), trainOn(...days))).toMatchObject({ outcome: length });
  });

  it('a streak lives until the day after, and dies then', async () => {
    const next =
      (days: string) =>
      async (ada: ReturnType<typeof traveller>): Promise<void> => {
        await trainOn('2026-03-28', '2026-03-29')(ada);
        await ada.forward(days as '1 day');
      };
    expect(await answerOf(({ did }) => did(trained).streak(), next('1 day'))).toMatchObject({ outcome: 2 });
    expect(await answerOf(({ did }) => did(trained).streak(), next('2 days'))).toMatchObject({ outcome: 0 });
  });

  it('an event of yesterday that is uploaded today repairs the streak', async () => {
    const upload = async (ada: ReturnType<typeof traveller>): Promise<void> => {
      await trainOn('2026-03-27', '2026-03-29')(ada);
      await ada.track(trained, {}, { ago: '1 day' });
    };
    expect(await answerOf(({ did }) => did(trained).streak(), upload)).toMatchObject({ outcome: 3 });
  });
});

it('any activity is refused', async () => {
  const asking = journey('asking', { enter: opened }, async (j) => {
    await j.pick('asked', ({ did }) => did(activity).count());
  });
  const ada = traveller(asking);
  await ada.track(opened, {});
  expect(ada.runs.at(-1)?.failure?.error).toContain('Name an event');
});
