import { DateTime } from 'luxon';
import type { Habit } from './habits';
import type { Person } from './population';
import type { Random } from '../../engine/testing/random';

/** Somebody's plan for a day, epoch milliseconds. */
export interface DayPlan {
  readonly visits: readonly number[];
  readonly readsMailAt: number;
  /** When the next day begins for them. */
  readonly endsAt: number;
}

const DAY_MS = 86_400_000;

/** What somebody does in the local day that contains `now`. */
export function planDay({ habit, timezone }: Person, dayOfLife: number, now: number, random: Random): DayPlan {
  const midnight = DateTime.fromMillis(now, { zone: timezone }).startOf('day');
  const [from, to] = habit.awake;
  const moment = (): number => midnight.plus({ hours: random.between(from, to) }).toMillis();
  const visitsPerDay = pace(habit, dayOfLife);
  const visits = Math.floor(visitsPerDay) + (random.chance(visitsPerDay % 1) ? 1 : 0);
  return {
    visits: Array.from({ length: visits }, moment),
    readsMailAt: moment(),
    endsAt: midnight.plus({ days: 1 }).toMillis(),
  };
}

/** Whole days between two moments. */
export function daysBetween(from: number, to: number): number {
  return Math.floor((to - from) / DAY_MS);
}

function pace({ phases }: Habit, dayOfLife: number): number {
  return phases.findLast(({ fromDay }) => fromDay <= dayOfLife)?.visitsPerDay ?? 0;
}
