import type { Pool } from 'pg';
import type { Journey } from '../../engine/authoring/journey';
import { share } from './text';

/** A rate with its definition. Names and definitions follow common usage. */
export interface Rate {
  readonly name: string;
  readonly value: string;
  readonly definition: string;
}

const DAY_MS = 86_400_000;
const ACTIVATION_DAYS = 14;
const RETENTION_DAYS = [1, 7, 30] as const;
const MONTH_DAYS = 30;

const SIGNED_UP = `
  SELECT e.user_id, min(e.at) AS day0, coalesce(u.traits ->> 'timezone', 'UTC') AS zone
  FROM events e JOIN users u ON u.id = e.user_id WHERE e.name = 'Signed Up' GROUP BY e.user_id, u.traits`;
const VIEWS = `SELECT user_id, at FROM events WHERE type IN ('page', 'screen')`;
const dateOf = (at: string): string => `(to_timestamp(${at} / 1000.0) AT TIME ZONE zone)::date`;

/**
 * Computes the rates of people from the rows in PostgreSQL. A rate leaves out people for whom its period has not ended yet.
 * @param now the end of the period, epoch milliseconds of the journey clock
 */
export async function ratesOfPeople(pool: Pool, journeys: readonly Journey[], now: number): Promise<Rate[]> {
  const conversions = journeys.filter(({ goal }) => goal !== null).map((journey) => conversion(pool, journey, now));
  const retentions = RETENTION_DAYS.map((day) => retention(pool, day, now));
  return Promise.all([...conversions, activation(pool, now), ...retentions, stickiness(pool, now)]);
}

async function conversion(pool: Pool, { id, goal }: Journey, now: number): Promise<Rate> {
  const within = goal?.withinMs ?? null;
  const { part, whole } = await count(
    pool,
    `SELECT count(goal_at) AS part, count(*) AS whole FROM runs
     WHERE journey = $1 AND entered_at + $2::bigint <= $3`,
    [id, within ?? 0, now],
  );
  const window = within === null ? '' : ` within ${within / DAY_MS} days`;
  const definition = `reached the goal${window} / entered at least that long ago, once per entry`;
  return { name: `conversion of ${id}`, value: share(part, whole), definition };
}

async function activation(pool: Pool, now: number): Promise<Rate> {
  const { part, whole } = await count(
    pool,
    `SELECT count(*) AS whole, count(*) FILTER (WHERE EXISTS (
       SELECT FROM events p WHERE p.user_id = s.user_id AND p.name = 'Project Created' AND p.at <= day0 + $1
     )) AS part FROM (${SIGNED_UP}) s WHERE day0 + $1 <= $2`,
    [ACTIVATION_DAYS * DAY_MS, now],
  );
  const definition = `created a project within ${ACTIVATION_DAYS} days of signing up / signed up at least that long ago`;
  return { name: 'activation', value: share(part, whole), definition };
}

async function retention(pool: Pool, day: number, now: number): Promise<Rate> {
  const viewed = (when: string): string =>
    `count(*) FILTER (WHERE EXISTS (SELECT FROM (${VIEWS}) v WHERE v.user_id = s.user_id AND ${when}))`;
  const { rows } = await pool.query<{ whole: number; rolling: number; calendar: number }>(
    `SELECT count(*) AS whole,
       ${viewed(`v.at >= day0 + $1::int * ${DAY_MS}::bigint AND v.at < day0 + ($1::int + 1) * ${DAY_MS}::bigint`)} AS rolling,
       ${viewed(`${dateOf('v.at')} = ${dateOf('day0')} + $1::int`)} AS calendar
     FROM (${SIGNED_UP}) s WHERE day0 + ($1::int + 2) * ${DAY_MS}::bigint <= $2`,
    [day, now],
  );
  const { whole = 0, rolling = 0, calendar = 0 } = rows[0] ?? {};
  return {
    name: `retention on day ${day}`,
    value: `rolling ${share(rolling, whole)}, calendar ${share(calendar, whole)}`,
    definition: `viewed a page in the 24 hours (rolling) or on the local date (calendar) ${day} days after signing up / signed up long enough ago`,
  };
}

async function stickiness(pool: Pool, now: number): Promise<Rate> {
  const { part, whole } = await count(
    pool,
    `SELECT count(DISTINCT (user_id, (at - $1) / $2)) AS part, count(DISTINCT user_id) AS whole
     FROM (${VIEWS}) v WHERE at >= $1 AND at < $3`,
    [now - MONTH_DAYS * DAY_MS, DAY_MS, now],
  );
  const daily = part / MONTH_DAYS;
  return {
    name: 'stickiness',
    value: whole === 0 ? 'no data yet' : `${Math.round((100 * daily) / whole)} % (${daily.toFixed(1)} of ${whole})`,
    definition: `DAU / MAU: people who viewed a page, average per 24 hours / total in the last ${MONTH_DAYS} days`,
  };
}

async function count(
  pool: Pool,
  sql: string,
  values: readonly unknown[],
): Promise<{ readonly part: number; readonly whole: number }> {
  const { rows } = await pool.query<{ part: number; whole: number }>(sql, [...values]);
  return rows[0] ?? { part: 0, whole: 0 };
}
