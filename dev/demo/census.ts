import type { ChannelName } from '../../engine/model/state';
import { countRuns, countSteps, type StatusCounts } from '../../store/journeys-report';
import type { Database } from '../../store/database';

/** The number of messages with the same channel, status and reasons. */
export interface MessageCount {
  readonly channel: ChannelName;
  readonly status: string;
  readonly reason: string;
  /** The reason the message was once held; null if it never was. */
  readonly heldFor: string | null;
  readonly count: number;
}

/** The counts in PostgreSQL at one time. */
export interface Census {
  readonly stages: ReadonlyMap<string, number>;
  readonly journeys: readonly {
    readonly id: string;
    readonly runs: StatusCounts;
    /** How many people are in each step now. */
    readonly steps: readonly (readonly [step: string, people: number])[];
  }[];
  readonly messages: readonly MessageCount[];
  readonly events: number;
  readonly pending: number;
}

const NO_RUNS: StatusCounts = { active: 0, completed: 0, exited: 0, failed: 0 };

/** Counts people, runs, messages and events. */
export async function takeCensus(database: Database, journeys: readonly string[]): Promise<Census> {
  const { pool } = database;
  const [stages, runs, steps, messages, events] = await Promise.all([
    pool.query<{ stage: string; count: number }>('SELECT stage, count(*) FROM users GROUP BY stage'),
    countRuns(database),
    Promise.all(journeys.map((id) => countSteps(database, id))),
    pool.query<MessageCount>(
      `SELECT channel, status, reason, held_reason AS "heldFor", count(*) FROM messages
       GROUP BY channel, status, reason, held_reason`,
    ),
    pool.query<{ events: number; pending: number }>(
      'SELECT count(*) AS events, count(*) FILTER (WHERE pending) AS pending FROM events',
    ),
  ]);
  return {
    stages: new Map(stages.rows.map(({ stage, count }) => [stage, count])),
    journeys: journeys.map((id, index) => ({
      id,
      runs: runs.get(id) ?? NO_RUNS,
      steps: [...(steps[index] ?? [])].map(([step, { active, failed }]) => [step, active + failed] as const),
    })),
    messages: messages.rows,
    events: events.rows[0]?.events ?? 0,
    pending: events.rows[0]?.pending ?? 0,
  };
}
