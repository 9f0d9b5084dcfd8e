import { policy as policyOf } from 'sojourn';
import { traveller, type Traveller, type TravellerOptions } from 'sojourn/testing';
import { trained } from '../events';
import policy from '../policy';
import fitnessPrompt from './journey';

/** A person who has trained on these instants. */
async function trainedAt(instants: readonly string[], options: TravellerOptions = {}): Promise<Traveller> {
  const ada = traveller(fitnessPrompt, { with: { policy }, at: '2026-01-05T00:00:00Z', ...options });
  for (const instant of instants) {
    await ada.forwardTo(instant);
    await ada.track(trained, {});
  }
  return ada;
}

/** A policy without quiet hours. */
const wakeful = policyOf({ quietHours: null });
const MONDAYS = ['2026-01-05', '2026-01-12', '2026-01-19'];
const times = (ada: Traveller): string[] => ada.messages.map(({ decidedAt }) => new Date(decidedAt).toISOString());

test('the prompt comes on the usual day, an hour before the usual time', async () => {
  const ada = await trainedAt(['2026-01-05T17:50:00Z', '2026-01-12T18:10:00Z', '2026-01-19T18:05:00Z']);
  await ada.forwardTo('2026-01-26T16:59:00Z');
  expect(times(ada)).toEqual([]);
  await ada.forwardTo('2026-02-01T00:00:00Z');
  expect(times(ada)).toEqual(['2026-01-26T17:00:00.000Z']);
});

test('the usual time is that of the person’s clock', async () => {
  const ada = await trainedAt(
    MONDAYS.map((day) => `${day}T23:00:00Z`),
    { timezone: 'America/New_York' },
  );
  await ada.forwardTo('2026-02-01T00:00:00Z');
  expect(times(ada)).toEqual(['2026-01-26T22:00:00.000Z']);
});

test('fewer than three sessions known: nothing', async () => {
  const ada = await trainedAt(MONDAYS.slice(0, 2).map((day) => `${day}T18:00:00Z`));
  await ada.forward('30 days');
  expect(times(ada)).toEqual([]);
});

test('trained in the morning: nothing', async () => {
  const ada = await trainedAt([...MONDAYS.map((day) => `${day}T18:00:00Z`), '2026-01-26T07:00:00Z']);
  await ada.forwardTo('2026-02-01T00:00:00Z');
  expect(times(ada)).toEqual([]);
});

test('two usual times: the earlier', async () => {
  const ada = await trainedAt(MONDAYS.flatMap((day) => [`${day}T10:00:00Z`, `${day}T18:00:00Z`]));
  await ada.forwardTo('2026-02-01T00:00:00Z');
  expect(times(ada)).toEqual(['2026-01-26T09:00:00.000Z']);
});

test('the first hour of the day is prompted for as the day begins, and midnight not at all', async () => {
  const early = await trainedAt(
    MONDAYS.map((day) => `${day}T00:45:00Z`),
    { with: { policy: wakeful } },
  );
  await early.forwardTo('2026-02-01T00:00:00Z');
  expect(times(early)).toEqual(['2026-01-26T00:00:00.000Z']);
  const midnight = await trainedAt(
    MONDAYS.map((day) => `${day}T00:10:00Z`),
    { with: { policy: wakeful } },
  );
  await midnight.forwardTo('2026-02-01T00:00:00Z');
  expect([times(midnight), midnight.runs.at(-1)?.status]).toEqual([[], 'completed']);
});
