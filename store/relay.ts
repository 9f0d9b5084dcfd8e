import type { Pool } from 'pg';
import type { Clock } from '../engine/model/clock';
import { BY_DATE, BY_TIME, type Definitions } from '../engine/definitions/definitions';
import { entersByTime } from '../engine/user/triggers';
import { statement, type Placeholders, type Query } from './sql';

/** The maximum number of users that one round takes. The next round takes the next ones. */
const BATCH = 500;

/** Real time, epoch milliseconds. */
interface RoundValues {
  readonly now: number;
  /** A user relayed between these times is left alone. */
  readonly relayedBefore: number;
  readonly relayedAfter: number;
}

/** A time of the journey clock, epoch milliseconds. */
interface CutoffValues extends RoundValues {
  readonly cutoff: number;
}

/**
 * How far another process's time may be ahead of ours, in real milliseconds. What lies further in the future never happened: a clock
 * was wrong, or the database has moved to a host with another clock.
 */
const AHEAD_MS = 30_000;

/** SQL: whether a user, by the alias of their row, was not relayed lately. */
const rested = (param: Placeholders<RoundValues>, user: string): string =>
  `${user}.relayed_at NOT BETWEEN ${param.relayedBefore} AND ${param.relayedAfter}`;

/**
 * SQL: marks users as relayed, of those that meet a condition and were not relayed lately, and skips rows that another worker has
 * locked. `relayed_at` is real time; all other times are of the journey clock.
 */
const mark = (param: Placeholders<RoundValues>, condition: string, join = ''): string => `
UPDATE users SET relayed_at = ${param.now} WHERE id = ANY (ARRAY(
  SELECT u.id FROM users u ${join}
  WHERE ${condition} AND ${rested(param, 'u')} LIMIT ${BATCH} FOR UPDATE OF u SKIP LOCKED))
RETURNING id`;

const PENDING = statement<CutoffValues>((param) =>
  mark(
    param,
    // Oldest events first. Users relayed lately are left out here already, so that events nobody can process don't hide the others.
    // So are users whose start is queued or under way. As a subquery with a limit, that is looked up by index for each event; as a
    // join, it reads all of the queue for each, because its statistics date from when it was empty.
    `u.id IN (SELECT e.user_id FROM events e JOIN users w ON w.id = e.user_id
    WHERE e.pending AND e.received_at < ${param.cutoff} AND ${rested(param, 'w')}
      AND (SELECT true FROM start_queue q WHERE q.user_id = e.user_id LIMIT 1) IS NULL ORDER BY e.received_at LIMIT ${BATCH * 4})`,
  ),
);

const OVERDUE = statement<CutoffValues>((param) => mark(param, `u.wake_at < ${param.cutoff}`));

/**
 * SQL: the version of the definitions that decided last. For a user of whom only history is known, it is the version that said
 * when to look at them. The column awaiting_version is the same version, except that it is empty
 * from an event that matters until the next save. Conditions test the column first, because this expression has to unpack the
 * memory.
 */
const DECIDED_BY = "coalesce(u.memory ->> 'version', u.look_version, '')";

interface EditedValues extends RoundValues {
  readonly version: string;
  readonly release: number;
  /** The text of a JSON object. */
  readonly fingerprints: string;
  /** Time alone can let everyone enter. */
  readonly byTime: boolean;
  /** So can the calendar, also users without history whom the engine does not know yet. */
  readonly hasCalendar: boolean;
  /** The traits with dates that let users enter. */
  readonly dates: readonly string[];
}

/** SQL: whether the version that decided a user last had the same entries of a kind. `key` is that of their fingerprint. */
const sameEntries = (param: Placeholders<EditedValues>, key: string): string =>
  `EXISTS (SELECT FROM recent r WHERE r.version = ${DECIDED_BY}
     AND r.journeys ->> '${key}' IS NOT DISTINCT FROM ${param.fingerprints}::jsonb ->> '${key}')`;

const EDITED = statement<EditedValues>(
  (param) => `
WITH recent AS (SELECT version, journeys FROM releases ORDER BY seq DESC LIMIT 100), same AS (
  -- Journeys that are unchanged since an earlier version, of the latest hundred releases.
  SELECT r.version, j.key AS journey FROM recent r, jsonb_each_text(r.journeys) j
  WHERE j.value = ${param.fingerprints}::jsonb ->> j.key AND r.journeys ->> '' = ${param.fingerprints}::jsonb ->> '')
${mark(
  param,
  // An edit changes nothing for a user with active runs of unchanged journeys only. A failed run may continue under any other
  // version. Users who are outside are woken if time, the calendar or a date may let them enter who was not waiting for that. History
  // makes a user known to time alone.
  `u.awaiting_version <> ${param.version} AND ${DECIDED_BY} <> ${param.version} AND u.release <= ${param.release} AND (EXISTS (
     SELECT FROM runs r WHERE r.user_id = u.id AND (r.status = 'failed' OR r.status = 'active'
       AND NOT EXISTS (SELECT FROM same s WHERE s.version = ${DECIDED_BY} AND s.journey = r.journey)))
     OR (${param.byTime} AND (u.memory IS NOT NULL OR u.imported_at IS NOT NULL OR ${param.hasCalendar}) AND NOT ${sameEntries(param, BY_TIME)})
     OR (u.traits ?| ${param.dates}::text[] AND NOT ${sameEntries(param, BY_DATE)}))`,
)}`,
);

const UNDELIVERED = statement<RoundValues & { readonly seconds: number }>((param) =>
  mark(
    param,
    `u.id IN (SELECT m.user_id FROM messages m JOIN users w ON w.id = m.user_id
    WHERE m.status IN ('queued', 'sending', 'retrying') AND m.lease_until < now() - make_interval(secs => ${param.seconds})
      AND ${rested(param, 'w')} LIMIT ${BATCH * 4})`,
  ),
);

interface UnansweredValues extends CutoffValues {
  readonly journeyNow: number;
  /** Seconds of the journey clock for each real second. */
  readonly speed: number;
}

const UNANSWERED = statement<UnansweredValues>((param) =>
  mark(
    param,
    // The intervals grow: a user is relayed again when the call has waited twice as long as it had the last time.
    `a.asked_at < ${param.cutoff} AND u.relayed_at NOT BETWEEN ${param.now} - (${param.journeyNow} - a.asked_at) / (2 * ${param.speed}::float8)
      AND ${param.relayedAfter}`,
    `JOIN (SELECT r.user_id, min((r.body->'journal'->-1->>'enteredAt')::bigint) AS asked_at FROM runs r
    WHERE r.status = 'active' AND r.body->'journal'->-1->>'kind' = 'call' AND r.body->'journal'->-1->>'status' = 'waiting'
    GROUP BY r.user_id) a ON a.user_id = u.id`,
  ),
);

/** The time of a round, and how long a relayed user is left alone. */
export interface Round {
  /** Real time, epoch milliseconds. */
  readonly now: number;
  /** Real milliseconds. */
  readonly restMs: number;
}

/** Takes users with pending events that were received before `cutoff` (journey clock, epoch milliseconds). */
export function takePending(pool: Pool, round: Round, cutoff: number): Promise<string[]> {
  return take(pool, PENDING({ ...bounds(round), cutoff }));
}

/** Takes users with a deadline before `cutoff` (journey clock, epoch milliseconds). */
export function takeOverdue(pool: Pool, round: Round, cutoff: number): Promise<string[]> {
  return take(pool, OVERDUE({ ...bounds(round), cutoff }));
}

/** Takes users inside a journey that has changed since they were last advanced, unless a newer release advanced them. */
export function takeEdited(
  pool: Pool,
  round: Round,
  { version, fingerprints, hasCalendar, dates, journeys }: Definitions,
  release: number,
): Promise<string[]> {
  const edited = { version, release, fingerprints: JSON.stringify(fingerprints), hasCalendar, dates };
  return take(pool, EDITED({ ...bounds(round), ...edited, byTime: journeys.some(entersByTime) }));
}

/** Takes users with a message that is overdue by more than `seconds` of real time: its next attempt, or the end of its claim. */
export function takeUndelivered(pool: Pool, round: Round, seconds: number): Promise<string[]> {
  return take(pool, UNDELIVERED({ ...bounds(round), seconds }));
}

/** Takes users with a run that made a call before `cutoff` (journey clock, epoch milliseconds), at growing intervals. */
export function takeUnanswered(pool: Pool, round: Round, cutoff: number, clock: Clock): Promise<string[]> {
  return take(pool, UNANSWERED({ ...bounds(round), cutoff, journeyNow: clock.now(), speed: clock.speed }));
}

function bounds({ now, restMs }: Round): RoundValues {
  return { now, relayedBefore: Math.round(now - restMs), relayedAfter: now + AHEAD_MS };
}

/** The query is not prepared: the best plan depends on how many rows there are today. */
async function take(pool: Pool, query: Query): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(query);
  return rows.map(({ id }) => id);
}
