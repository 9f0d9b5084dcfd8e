import { replayLife, type Life } from '../compare/life';
import type { Definitions } from '../definitions/definitions';
import { PrunedHistoryHost } from '../testing/pruned-history-host';
import { Course, type SimulatedLife } from './course';
import { personal } from './person';

const WEEK_MS = 7 * 86_400_000;

/** A life to replay, and the week of the simulation in which it begins; the first week is 0. */
export interface Drawn {
  readonly life: Life;
  readonly week: number;
}

/** The number of lives to draw from, and the number of weeks over which they begin. */
export interface Urn {
  readonly lives: number;
  readonly weeks: number;
}

/**
 * Draws lives and weeks with replacement. The same seed draws the same ones.
 * @returns the weeks in which each drawn life begins, by the index of the life
 */
export function draw({ lives, weeks }: Urn, people: number, seed: number): ReadonlyMap<number, readonly number[]> {
  const drawn = new Map<number, number[]>();
  for (let number = 0; number < people; number++) {
    const random = personal(seed, number);
    const index = Math.floor(random.between(0, lives));
    const week = Math.floor(random.between(0, weeks));
    drawn.set(index, [...(drawn.get(index) ?? []), week]);
  }
  return drawn;
}

/** The period in which lives are replayed. Times are epoch milliseconds. */
export interface Again {
  readonly begin: number;
  readonly end: number;
  /** The end of what is known of people's behavior, in the time of the stored lives. */
  readonly known: number;
}

/**
 * Replays a stored life. The life is moved by whole weeks, so that a Monday morning stays a Monday morning. It ends
 * where the knowledge of it ends: a person who signed up last week must not appear silent in the weeks to come.
 */
export async function liveAgain({ life, week }: Drawn, definitions: Definitions, again: Again): Promise<SimulatedLife> {
  const { begin, end, known } = again;
  const born = life.events[0]?.receivedAt ?? life.createdAt;
  const shift = (week - Math.floor((born - begin) / WEEK_MS)) * WEEK_MS;
  const until = Math.min(end, known + shift);
  const course = new Course();
  const host = await replayLife(
    moved(life, shift),
    definitions,
    until,
    (user) => new PrunedHistoryHost(user, definitions, (advanced) => course.note(advanced)),
  );
  return course.life(host, { since: born + shift, until });
}

function moved(life: Life, shift: number): Life {
  const events = life.events.map((event) => ({ ...event, at: event.at + shift, receivedAt: event.receivedAt + shift }));
  const { saidOfGroups = [] } = life;
  const said = saidOfGroups.map((one) => ({ ...one, receivedAt: one.receivedAt + shift }));
  return { ...life, createdAt: life.createdAt + shift, events, saidOfGroups: said };
}
