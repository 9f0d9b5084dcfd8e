import { DateTime } from 'luxon';
import type { Habit } from './habits';
import type { Person } from './population';
import type { Random } from '../../engine/testing/random';

/** A person's plan for one day. Times are epoch milliseconds. */
export interface DayPlan {
  readonly visits: readonly number[];
  readonly readsMailAt: number;
  /** Midnight in the person's time zone. */
  readonly endsAt: number;
}

const DAY_MS = 86_400_000;

/**
 * Plans the local day that contains `now`.
 * @param dayOfLife whole days since the person arrived
 * @param now epoch milliseconds of the journey clock
 */
export function planDay({ habit, timezone }: Person, dayOfLife: number, now: number, random: Random): DayPlan {
  const midnight = DateTime.fromMillis(now, { zone: timezone }).startOf('day');
  const [from, to] = habit.awake;
  const awakeTime = (): number => midnight.plus({ hours: random.between(from, to) }).toMillis();
  const visitsPerDay = pace(habit, dayOfLife);
  const visits = Math.floor(visitsPerDay) + (random.chance(visitsPerDay % 1) ? 1 : 0);
  return {
    visits: Array.from({ length: visits }, awakeTime),
    readsMailAt: awakeTime(),
    endsAt: midnight.plus({ days: 1 }).toMillis(),
  };
}

/** Returns the whole days between two times, both in epoch milliseconds. */
export function daysBetween(from: number, to: number): number {
  return Math.floor((to - from) / DAY_MS);
}

function pace({ phases }: Habit, dayOfLife: number): number {
  return phases.findLast(({ fromDay }) => fromDay <= dayOfLife)?.visitsPerDay ?? 0;
}
