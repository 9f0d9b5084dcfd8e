import { ALL_STEP_TYPES } from '../engine/replay/steps';
import type { Database } from './database';

/** The results of the runs that reached a step. */
export interface StepRates {
  /** The number of runs that reached the step. */
  readonly entered: number;
  /**
   * The number of runs by outcome: the event or `timeout` of a wait, `yes` or `no`, the variant, the choice of a question, or why a message was sent or not.
   */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Messages handed to the provider, including those that bounced. */
  readonly sent: number;
  readonly bounced: number;
  readonly seen: number;
  readonly clicked: number;
}

/** The number of runs that entered a journey since a time, and their results. */
export interface JourneyRates {
  readonly entered: number;
  readonly goal: number;
  readonly steps: ReadonlyMap<string, StepRates>;
}

/** The kinds of steps by the field their figures count. */
const kindsCountedBy = (field: 'outcome' | 'reason'): readonly string[] =>
  ALL_STEP_TYPES.filter(({ figure }) => figure === field).map(({ kind }) => kind);
const COUNTED_BY_OUTCOME = kindsCountedBy('outcome');
const COUNTED_BY_REASON = kindsCountedBy('reason');

// $3 and $4 are the kinds of steps whose outcome, and whose reason, is counted.
const RUNS = `
WITH recent AS (SELECT goal_at, body FROM runs WHERE journey = $1 AND entered_at >= $2),
record AS (
  SELECT r->>'step' AS step, r->>'status' = 'done' AND r->>'kind' = ANY ($3::text[] || $4::text[]) AS decided,
    CASE WHEN r->>'kind' = ANY ($3::text[]) THEN r->>'outcome' ELSE coalesce(r->>'figure', r->>'reason') END AS outcome
  FROM recent CROSS JOIN LATERAL jsonb_array_elements(body->'journal') r
  WHERE r->>'status' <> 'skipped'
), counted AS (SELECT step, decided, outcome, count(*) AS n FROM record GROUP BY step, decided, outcome)
SELECT (SELECT count(*) FROM recent) AS entered, (SELECT count(goal_at) FROM recent) AS goal, (
  SELECT coalesce(json_object_agg(step, json_build_object('entered', entered, 'outcomes', outcomes)), '{}') FROM (
    SELECT step, sum(n) AS entered, coalesce(json_object_agg(outcome, n) FILTER (WHERE decided), '{}') AS outcomes FROM counted GROUP BY step
  ) s) AS steps`;

const MESSAGES = `
SELECT step, count(*) FILTER (WHERE status = 'sent' OR cause = 'bounced') AS sent, count(*) FILTER (WHERE cause = 'bounced') AS bounced,
  count(seen_at) AS seen, count(clicked_at) AS clicked
FROM messages WHERE journey = $1 AND run_id IN (SELECT id FROM runs WHERE journey = $1 AND entered_at >= $2) GROUP BY step`;

/**
 * Returns the results of the runs that entered a journey since a time.
 * @param since epoch milliseconds of the journey clock
 */
export async function journeyRates({ pool }: Database, journey: string, since: number): Promise<JourneyRates> {
  const values = [journey, since];
  const [runs, messages] = await Promise.all([
    pool.query<{
      entered: number;
      goal: number;
      steps: Readonly<Record<string, Pick<StepRates, 'entered' | 'outcomes'>>>;
    }>(RUNS, [...values, COUNTED_BY_OUTCOME, COUNTED_BY_REASON]),
    pool.query<{ step: string } & Omit<StepRates, 'entered' | 'outcomes'>>(MESSAGES, values),
  ]);
  const { entered = 0, goal = 0, steps = {} } = runs.rows[0] ?? {};
  const countsOf = new Map(messages.rows.map(({ step, ...counts }) => [step, counts]));
  const nothing = { sent: 0, bounced: 0, seen: 0, clicked: 0 };
  return {
    entered,
    goal,
    steps: new Map(
      Object.entries(steps).map(([step, record]) => [step, { ...record, ...(countsOf.get(step) ?? nothing) }]),
    ),
  };
}
