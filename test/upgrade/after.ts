import { changeStatus } from '../../store/stored-journeys';
import type { Dump } from './dump';
import { EDITED, EDITED_AGAIN } from './journeys/code';
import type { Outcome } from './outcome';
import { type World, type Deed } from './world';

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** A Monday, epoch milliseconds. */
export const BEGIN = Date.parse('2026-03-02T09:00:00Z');
/** When another release takes over, epoch milliseconds. It is night in Europe and evening in America. */
export const UPGRADE = BEGIN + 12 * DAY + 14.5 * HOUR;

/** The outcomes of all users, by id. */
export interface Outcomes {
  /** After each user was advanced once, a day later. */
  readonly afterADay: Readonly<Record<string, Outcome>>;
  /** After users were advanced on time from then on. */
  readonly afterFortyDays: Readonly<Record<string, Outcome>>;
}

/** A database of a release, and the outcomes of all users in it. */
export interface WrittenDatabase {
  readonly dump: Dump;
  readonly outcomes: Outcomes;
}

/** Added to the versions of the release that takes over, since a release has its own version for the same journeys. */
export const UPGRADED = ' upgraded';

/** What users do after the other release has taken over. */
const LATER: readonly (readonly [string, Partial<Deed>])[] = [
  ['Lesson Done', {}],
  ['Order Ready', { properties: { orderId: 'o-1' } }],
  ['Project Created', {}],
  ['Course Started', {}],
  ['Signed Up', { traits: { plan: 'pro' } }],
];

/** The other release takes over, and runs for forty days. In that time the code is edited and the survey is resumed. */
export async function goOn(world: World): Promise<Outcomes> {
  await world.takeUp(EDITED);
  const users = await world.users();
  for (const user of users) await world.look(user, UPGRADE + DAY);
  const afterADay = await world.outcomes();
  await world.takeUp(EDITED_AGAIN);
  for (const user of users) await world.look(user, UPGRADE + DAY + HOUR);
  for (const [index, user] of users.entries()) {
    const [name, more] = LATER[index % LATER.length] ?? ['Signed Up', {}];
    if (index % 2 === 0) await world.receive({ user, name, at: UPGRADE + 2 * DAY + index * 1_000, ...more });
  }
  const resumed = UPGRADE + 3 * DAY;
  await world.allPassUntil(resumed - 1);
  await changeStatus(world.database, 'survey', ['paused'], 'active');
  await world.takeUp(EDITED_AGAIN);
  for (const user of users) await world.look(user, resumed);
  await world.allPassUntil(UPGRADE + 40 * DAY);
  return { afterADay, afterFortyDays: await world.outcomes() };
}
