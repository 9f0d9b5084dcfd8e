import { replayLife, type Life } from '../compare/life';
import type { Definitions } from '../definitions/definitions';
import { PrunedHistoryHost } from '../testing/pruned-history-host';
import { Course, type SimulatedLife } from './course';
import { personal } from './person';

const WEEK_MS = 7 * 86_400_000;

/** A life that is lived again, beginning in the given week of the simulation; the first is 0. */
export interface Drawn {
  readonly life: Life;
  readonly week: number;
}

/** From how many lives is drawn, and over how many weeks they begin. */
export interface Urn {
  readonly lives: number;
  readonly weeks: number;
}

/**
 * Draws with replacement.
 * @returns the weeks in which each life that was drawn begins, by the index of the life
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

/** When lives are lived again. Epoch milliseconds. */
export interface Again {
  readonly begin: number;
  readonly end: number;
  /** Up to when it is known what people did. */
  readonly known: number;
}

/**
 * Lives a stored life again, moved by whole weeks, so that a Monday morning stays one. It is watched for as long as what
 * they did is known: who signed up last week is not silent for the weeks to come.
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
  return course.lived(host, { since: born + shift, until });
}

function moved(life: Life, shift: number): Life {
  const events = life.events.map((event) => ({ ...event, at: event.at + shift, receivedAt: event.receivedAt + shift }));
  return { ...life, createdAt: life.createdAt + shift, events };
}
