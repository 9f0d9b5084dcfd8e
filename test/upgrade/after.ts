import { changeStatus } from '../../store/stored-journeys';
import type { Dump } from './dump';
import { EDITED, EDITED_AGAIN } from './journeys/code';
import type { Outcome } from './outcome';
import { type World, type Deed } from './world';

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** A Monday. */
export const BEGIN = Date.parse('2026-03-02T09:00:00Z');
/** When another release takes over: at night in Europe, in the evening in America. */
export const UPGRADE = BEGIN + 12 * DAY + 14.5 * HOUR;

/** What has become of everybody, by id. */
export interface Outcomes {
  /** Looked at once, a day later. */
  readonly afterADay: Readonly<Record<string, Outcome>>;
  /** Looked at on time from then on. */
  readonly afterFortyDays: Readonly<Record<string, Outcome>>;
}

/** A database as it was, and what became of everybody in it. */
export interface WrittenDatabase {
  readonly dump: Dump;
  readonly outcomes: Outcomes;
}

/** Marks the versions of the release that takes over, which has another one for the same journeys. */
export const UPGRADED = ' upgraded';

/** What people do once the other release has taken over. */
const LATER: readonly (readonly [string, Partial<Deed>])[] = [
  ['Lesson Done', {}],
  ['Order Ready', { properties: { orderId: 'o-1' } }],
  ['Project Created', {}],
  ['Course Started', {}],
  ['Signed Up', { traits: { plan: 'pro' } }],
];

/** The other release takes over, and goes on for forty days. In these the code is edited, and the survey resumed. */
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
