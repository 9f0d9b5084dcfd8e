import type { RunStatus } from '../engine/model/state';
import type { Database } from './database';

/** The number of runs of a journey, by status. */
export type StatusCounts = Readonly<Record<RunStatus, number>>;

/** The counts of a journey that no user ever entered. */
export const NO_RUNS: StatusCounts = { active: 0, completed: 0, exited: 0, failed: 0 };

/** Counts all runs, by journey, with those that were removed because of their age. A journey that no user ever entered is absent. */
export async function countRuns({ pool }: Database): Promise<ReadonlyMap<string, StatusCounts>> {
  const { rows } = await pool.query<{ journey: string; counts: Partial<StatusCounts> }>(`
    SELECT journey, jsonb_object_agg(status, n) AS counts
    FROM (
      SELECT journey, status, sum(n) AS n FROM (
        SELECT journey, status, count(*) AS n FROM runs GROUP BY journey, status
        UNION ALL SELECT journey, status, n FROM removed_runs
      ) AS counted GROUP BY journey, status
    ) AS by_status
    GROUP BY journey`);
  return new Map(rows.map(({ journey, counts }) => [journey, { ...NO_RUNS, ...counts }]));
}

/** How many runs are in a step of a journey now: `active`, or `failed` because an error stopped them. */
export interface StepCounts {
  readonly active: number;
  readonly failed: number;
}

/** Counts the runs in progress of a journey, by step. A step without any run is absent. */
export async function countSteps({ pool }: Database, journey: string): Promise<ReadonlyMap<string, StepCounts>> {
  const { rows } = await pool.query<{ position: string } & StepCounts>(
    `SELECT position, count(*) FILTER (WHERE status = 'active') AS active, count(*) FILTER (WHERE status = 'failed') AS failed
     FROM runs WHERE journey = $1 AND status IN ('active', 'failed') AND position IS NOT NULL GROUP BY position`,
    [journey],
  );
  return new Map(rows.map(({ position, active, failed }) => [position, { active, failed }]));
}

/**
 * Counts the runs of these journeys that are parked. Each journey costs one look at an index, and nothing is read of other runs.
 * @returns the count of each journey, 0 included
 */
export async function countParked(
  { pool }: Pick<Database, 'pool'>,
  journeys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ journey: string; parked: number }>(
    `SELECT j.journey, (SELECT count(*) FROM runs r WHERE r.journey = j.journey AND r.status = 'failed') AS parked
     FROM unnest($1::text[]) AS j (journey)`,
    [journeys],
  );
  return new Map(rows.map(({ journey, parked }) => [journey, parked]));
}
