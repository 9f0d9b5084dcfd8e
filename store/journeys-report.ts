import type { RunStatus } from '../engine/model/state';
import type { Database } from './database';

/** How many runs of a journey are in which state. */
export type StatusCounts = Readonly<Record<RunStatus, number>>;

/** Of a journey nobody ever entered. */
export const NO_RUNS: StatusCounts = { active: 0, completed: 0, exited: 0, failed: 0 };

/** Counts of all runs, by journey; a journey nobody ever entered is absent. */
export async function countRuns({ pool }: Database): Promise<ReadonlyMap<string, StatusCounts>> {
  const { rows } = await pool.query<{ journey: string; counts: Partial<StatusCounts> }>(`
    SELECT journey, jsonb_object_agg(status, n) AS counts
    FROM (SELECT journey, status, count(*) AS n FROM runs GROUP BY journey, status) AS by_status
    GROUP BY journey`);
  return new Map(rows.map(({ journey, counts }) => [journey, { ...NO_RUNS, ...counts }]));
}

/** How many users are in a step of a journey right now, going on or parked by an error. */
export interface StepCounts {
  readonly active: number;
  readonly failed: number;
}

/** Live counts by step; a step nobody is in is absent. */
export async function countSteps({ pool }: Database, journey: string): Promise<ReadonlyMap<string, StepCounts>> {
  const { rows } = await pool.query<{ position: string } & StepCounts>(
    `SELECT position, count(*) FILTER (WHERE status = 'active') AS active, count(*) FILTER (WHERE status = 'failed') AS failed
     FROM runs WHERE journey = $1 AND status IN ('active', 'failed') AND position IS NOT NULL GROUP BY position`,
    [journey],
  );
  return new Map(rows.map(({ position, active, failed }) => [position, { active, failed }]));
}
