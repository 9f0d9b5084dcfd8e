import { z } from 'zod';
import { ratesOfPeople } from '../../../dev/demo/rates';
import { event, journey } from '../../../engine';
import { testDatabase, type TestDatabase } from '../../support/database';
import { DAY, entered, happened, HOUR, NOON, person } from './rows';

const signedUp = event('Signed Up', z.object({}), {});
const projectCreated = event('Project Created', z.object({}), {});
const JOURNEYS = [
  journey('onboarding', { enter: signedUp, goal: { event: projectCreated, within: '14 days' } }, async () => undefined),
  journey('news', { enter: signedUp }, async () => undefined),
];

let db: TestDatabase;
beforeEach(async () => void (db = await testDatabase()));
afterEach(() => db.drop());

async function rate(name: string, now: number): Promise<string | undefined> {
  return (await ratesOfPeople(db.pool, JOURNEYS, now)).find((one) => one.name === name)?.value;
}

async function signUp(user_id: string, at: number, timezone = 'UTC'): Promise<void> {
  await person(db, user_id, { timezone });
  await happened(db, [{ user_id, name: 'Signed Up', at }]);
}

const views = (user_id: string, ...moments: number[]): Promise<void> =>
  happened(
    db,
    moments.map((at) => ({ user_id, at, type: 'page', name: 'Home' })),
  );

test('conversion: counts each entry whose time is over, for journeys with a goal', async () => {
  await person(db, 'ada');
  await entered(db, 'onboarding', [
    { user_id: 'ada', entered_at: NOON, goal_at: NOON + DAY },
    { user_id: 'ada', entered_at: NOON },
    { user_id: 'ada', entered_at: NOON + 1, goal_at: NOON + DAY },
  ]);
  await entered(db, 'news', [{ user_id: 'ada', entered_at: NOON }]);
  expect(await rate('conversion of onboarding', NOON + 14 * DAY)).toBe('50 % (1 of 2)');
  expect(await rate('conversion of news', NOON + 14 * DAY)).toBeUndefined();
});

test('activation: a project within 14 days, out of the users who signed up at least 14 days ago', async () => {
  await signUp('ada', NOON);
  await signUp('grace', NOON);
  await signUp('alan', NOON + HOUR);
  await happened(db, [
    { user_id: 'ada', name: 'Project Created', at: NOON + 14 * DAY },
    { user_id: 'grace', name: 'Project Created', at: NOON + 14 * DAY + 1 },
    { user_id: 'alan', name: 'Project Created', at: NOON + HOUR },
  ]);
  expect(await rate('activation', NOON + 14 * DAY)).toBe('50 % (1 of 2)');
});

test('retention: a page view in the 24 hours after that many days, and on that local date', async () => {
  await signUp('ada', NOON);
  await signUp('grace', NOON);
  // Noon UTC is 21:00 in Tokyo.
  await signUp('hedy', NOON, 'Asia/Tokyo');
  await signUp('alan', NOON + DAY);
  await views('ada', NOON, NOON + 7 * DAY, NOON + 7 * DAY + HOUR);
  await views('grace', NOON + 7 * DAY - 1, NOON + 8 * DAY);
  // Four hours later it is already the next day in Tokyo.
  await views('hedy', NOON + 6 * DAY + 4 * HOUR);
  await views('alan', NOON + 8 * DAY);
  expect(await rate('retention on day 7', NOON + 9 * DAY)).toBe('rolling 33 % (1 of 3), calendar 100 % (3 of 3)');
  expect(await rate('retention on day 30', NOON + 9 * DAY)).toBe('rolling no data yet, calendar no data yet');
});

test('stickiness: average users per day, out of all users in 30 days', async () => {
  const now = NOON + 30 * DAY;
  await views('ada', ...Array.from({ length: 30 }, (_, day) => NOON + day * DAY));
  await views('grace', NOON, NOON + HOUR, NOON + 2 * DAY);
  await views('alan', NOON - 1, now);
  expect(await rate('stickiness', now)).toBe('53 % (1.1 of 2)');
  expect(await rate('stickiness', now + 90 * DAY)).toBe('no data yet');
});
