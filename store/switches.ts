import type { Pool } from 'pg';
import type { Switch, SwitchMode, SwitchTarget } from '../engine/model/switch';
import type { Attempt } from './messages';
import { prepared, statement } from './sql';
import { insertStarts } from './start-queue';

/** Messages released by one statement. */
const PAGE = 500;

const COLUMNS = `target, mode, except_transactional AS "exceptTransactional", reason, set_by AS by,
  (extract(epoch FROM set_at) * 1000)::bigint AS at`;

/** A change of a switch. */
export interface SwitchChange {
  readonly target: SwitchTarget;
  /** Null when the switch was lifted. */
  readonly mode: SwitchMode | null;
  readonly exceptTransactional: boolean;
  readonly reason: string;
  readonly by: string;
  /** Epoch milliseconds of real time. */
  readonly at: number;
}

/** Returns the switches that are on, in the order of their targets. */
export async function readSwitches(pool: Pool): Promise<Switch[]> {
  const { rows } = await pool.query<Switch>({
    name: 'read-switches',
    text: `SELECT ${COLUMNS} FROM switches ORDER BY target`,
  });
  return rows;
}

/** The switches, and whether a message waits for one to be lifted. */
export interface SwitchReading {
  readonly switches: readonly Switch[];
  readonly holds: boolean;
}

/** Reads the switches that are on, and whether messages are held, in one statement that costs next to nothing. */
export async function readSwitchesAndHeld(pool: Pool): Promise<SwitchReading> {
  const { rows } = await pool.query<{ holds: boolean } & (Switch | { readonly target: null })>({
    name: 'read-switches-and-held',
    text: `SELECT holds, ${COLUMNS}
      FROM (SELECT EXISTS (SELECT FROM stopped_messages WHERE target IS NOT NULL) AS holds) held
      LEFT JOIN switches ON true ORDER BY target`,
  });
  const switches = rows.flatMap(({ holds: _holds, ...row }) => (row.target === null ? [] : [row]));
  return { switches, holds: rows[0]?.holds === true };
}

/** Returns the latest changes of switches, the newest first. */
export async function switchChanges(pool: Pool, limit: number): Promise<SwitchChange[]> {
  const { rows } = await pool.query<SwitchChange>(
    `SELECT target, mode, except_transactional AS "exceptTransactional", reason, changed_by AS by,
      (extract(epoch FROM changed_at) * 1000)::bigint AS at
    FROM switch_changes ORDER BY n DESC LIMIT $1`,
    [limit],
  );
  return rows;
}

type SetValues = Omit<Switch, 'at'>;

const SET = statement<SetValues>(
  (param) => `
WITH changed AS (
  INSERT INTO switch_changes (target, mode, except_transactional, reason, changed_by)
  VALUES (${param.target}, ${param.mode}, ${param.exceptTransactional}, ${param.reason}, ${param.by})
)
INSERT INTO switches (target, mode, except_transactional, reason, set_by)
VALUES (${param.target}, ${param.mode}, ${param.exceptTransactional}, ${param.reason}, ${param.by})
ON CONFLICT (target) DO UPDATE SET mode = excluded.mode, except_transactional = excluded.except_transactional,
  reason = excluded.reason, set_by = excluded.set_by, set_at = now()
RETURNING ${COLUMNS}`,
);

/** Sets a switch, or changes it, and keeps who did it and why. Workers know within seconds. */
export async function setSwitch(pool: Pool, wanted: Omit<Switch, 'at'>): Promise<Switch> {
  const { rows } = await pool.query<Switch>(SET(wanted));
  const [row] = rows;
  if (!row) throw new Error('Expected the switch that was set.');
  return row;
}

const LIFT = statement<Pick<SwitchChange, 'target' | 'reason' | 'by'>>(
  (param) => `
WITH lifted AS (
  DELETE FROM switches WHERE target = ${param.target} RETURNING target, except_transactional
)
INSERT INTO switch_changes (target, except_transactional, reason, changed_by)
SELECT target, except_transactional, ${param.reason}, ${param.by} FROM lifted`,
);

/**
 * Lifts a switch, and keeps who did it and why. A worker releases what it held.
 * @returns false when it is not on
 */
export async function liftSwitch(pool: Pool, lifted: Pick<SwitchChange, 'target' | 'reason' | 'by'>): Promise<boolean> {
  const { rowCount } = await pool.query(LIFT(lifted));
  return rowCount === 1;
}

/** Returns how many messages each switch holds now, by target. */
export async function heldBySwitches(pool: Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ target: string; n: number }>(
    'SELECT target, count(*)::int AS n FROM stopped_messages WHERE target IS NOT NULL GROUP BY target',
  );
  return new Map(rows.map(({ target, n }) => [target, n]));
}

/** SQL: whether the message `m` is held by a switch. */
export const IS_STOPPED = 'EXISTS (SELECT FROM stopped_messages s WHERE s.id = m.id AND s.target IS NOT NULL)';

const HOLD = prepared<Attempt & { readonly target: string }>(
  'hold-message',
  (param) => `
WITH switch AS (
  -- Whoever lifts the switch waits until the message is held, and then finds it.
  SELECT target FROM switches WHERE target = ${param.target} AND mode = 'hold' FOR SHARE
), held AS (
  UPDATE messages m SET status = 'retrying', waits = waits + 1, lease_until = NULL
  FROM switch WHERE m.id = ${param.id} AND m.attempts = ${param.attempts} AND m.status = 'sending'
  RETURNING m.id, switch.target
)
INSERT INTO stopped_messages (id, target) SELECT id, target FROM held
ON CONFLICT (id) DO UPDATE SET target = excluded.target, stopped_at = now()`,
);

/**
 * Holds a claimed message until the switch is lifted. Nobody attempts it until then.
 * @returns false when the switch is not on any more, or the message is not ours any more
 */
export async function holdMessage(pool: Pool, { id, attempts }: Attempt, target: SwitchTarget): Promise<boolean> {
  const { rowCount } = await pool.query(HOLD({ id, attempts, target }));
  return rowCount === 1;
}

const RELEASE = statement<{ readonly count: number }>(
  (param) => `
WITH page AS (
  SELECT s.id FROM stopped_messages s JOIN messages m ON m.id = s.id
  WHERE s.target IS NOT NULL AND NOT EXISTS (
    SELECT FROM switches w WHERE w.target = s.target AND w.mode = 'hold' AND NOT (w.except_transactional AND m.transactional)
  )
  LIMIT ${param.count}::int FOR UPDATE OF s SKIP LOCKED
), released AS (
  UPDATE stopped_messages s SET target = NULL FROM page WHERE s.id = page.id RETURNING s.id
), due AS (
  -- If the wake-up is lost, the relay finds the message by this time.
  UPDATE messages m SET lease_until = now() FROM released r WHERE m.id = r.id AND m.status = 'retrying' RETURNING m.user_id, m.decided_at
)
, queued AS (${insertStarts('SELECT user_id, min(decided_at) AS n FROM due GROUP BY user_id', "'a switch was lifted'")})
SELECT count(*)::int AS released FROM released`,
);

/**
 * Releases messages whose switch is not on any more, and queues their users, who are woken in turn.
 * @returns how many were released; there may be more if any were
 */
export async function releaseStopped(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ released: number }>(RELEASE({ count: PAGE }));
  return rows[0]?.released ?? 0;
}
