import { join } from 'node:path';
import { DateTime } from 'luxon';
import { install, type Installation } from '../e2e/support/installation';
import { Person } from '../e2e/support/person';
import { until } from '../support/until';

/*
 * Dates and the calendar let people enter on the real stack, in fast time: a day takes two seconds. What is compared is when each run
 * was entered, which does not depend on how late a busy machine is.
 */
const SPEED = 43_200;
const DAY = 86_400_000;
/** A Sunday. The clocks change in New York a week later, in Berlin three weeks after that. */
const FROM = Date.parse('2026-03-01T00:00:00Z');
/** Time from now until the first date, for the news of it to arrive. It takes 20 seconds. */
const AHEAD_MS = 10 * DAY;

let here: Installation;
beforeAll(async () => {
  here = await install({ speed: SPEED, journeysPath: join(__dirname, 'journeys-dated'), from: FROM });
});
afterAll(() => here.stop());

/** Returns when somebody entered a journey, in order. */
async function entries({ id }: Person, journey: string): Promise<number[]> {
  return here.database.knex('runs').where({ user_id: id, journey }).orderBy('entered_at').pluck<number[]>('entered_at');
}

async function firstEntries(person: Person, journey: string, count: number): Promise<number[]> {
  return until(`${count} entries of ${journey}`, async () => {
    const found = await entries(person, journey);
    return found.length >= count && found.slice(0, count);
  });
}

/** Returns the first instant after another at which the clocks of a zone show nine on a Monday. */
function nextMonday(after: number, zone: string): number {
  for (let day = DateTime.fromMillis(after, { zone }).startOf('day'); ; day = day.plus({ days: 1 })) {
    const nine = day.set({ hour: 9 }).toMillis();
    if (day.weekday === 1 && nine > after) return nine;
  }
}

test('a date that an identify moves, earlier or later, lets people enter by its new time only, to the millisecond', async () => {
  const now = here.clock.now();
  const inDays = (days: number): string => new Date(now + AHEAD_MS + days * DAY).toISOString();
  const [ada, bob] = [new Person(here, 'Ada'), new Person(here, 'Bob')];
  const moves: [Person, string, string][] = [
    [ada, inDays(30), inDays(3)],
    [bob, inDays(3), inDays(5)],
  ];
  for (const [person, trialEndsAt, moved] of moves) {
    person.identify({ trialEndsAt });
    await until('the first date', () => here.product.token(person.id));
    person.identify({ trialEndsAt: moved });
  }
  for (const [person, , moved] of moves)
    expect(await firstEntries(person, 'trial-ends', 1)).toEqual([Date.parse(moved) - 3 * DAY]);
  // Bob's first date is over by now.
  expect(await entries(bob, 'trial-ends')).toHaveLength(1);
});

test('the calendar and a birthday let people enter by their own clocks, to the millisecond', async () => {
  const expectTurns = async (zone: string): Promise<void> => {
    const ada = new Person(here, 'Ada');
    const born = DateTime.fromMillis(here.clock.now() + AHEAD_MS, { zone });
    ada.identify({ timezone: zone, birthday: born.set({ year: 1992 }).toFormat('yyyy-MM-dd') });
    const [createdAt] = await until('the person', async () => {
      const found = await here.database.knex('users').where({ id: ada.id }).pluck<number[]>('created_at');
      return found.length > 0 && found;
    });
    const mondays = [1, 2, 3].reduce<number[]>(
      (found) => [...found, nextMonday(found.at(-1) ?? createdAt ?? NaN, zone)],
      [],
    );
    expect(await firstEntries(ada, 'standup', 3)).toEqual(mondays);
    expect(await firstEntries(ada, 'birthday', 1)).toEqual([born.startOf('day').set({ hour: 10 }).toMillis()]);
  };
  await Promise.all(['Europe/Berlin', 'America/New_York'].map(expectTurns));
});
