import { statement } from './sql';

/** At most this many rows of a table are removed in one step, so that no lock lasts long. */
export const REMOVED_AT_ONCE = 1_000;

/**
 * How much longer an event stays than a question looks back, milliseconds. A question about a group is asked by another member. That
 * member may wait for an earlier instant than the user of the event, because their decision is late.
 */
const LATE_MS = 7 * 86_400_000;

/** The users of a step. The arrays are parallel. Times are epoch milliseconds of the journey clock. */
interface PageValues {
  readonly ids: readonly string[];
  /** Up to when everything about a user is decided. */
  readonly decidedUntil: readonly number[];
  /** From when on what is open may look for events; null where nothing is open. */
  readonly openSince: readonly (number | null)[];
}

/** What is removed of these users. */
export interface RemovalValues extends PageValues {
  /** Everything younger than this stays. Epoch milliseconds of the journey clock. */
  readonly before: number;
}

/** What events are needed for; see `NeededHistory`. */
export interface EventValues extends RemovalValues {
  readonly names: readonly string[];
  /** How far back the events of these names are needed, milliseconds. */
  readonly spans: readonly number[];
  readonly ofOpenRuns: readonly string[];
}

export interface RunValues extends RemovalValues {
  readonly keyed: readonly string[];
  /** How long the last run of a key is needed in these journeys, milliseconds. */
  readonly spans: readonly number[];
}

/**
 * The next users in the order of their ids. Steps ask about the past of an instant that is still to be decided, so what a user waits
 * for and what is pending counts.
 */
export const PAGE = statement<{ readonly last: string; readonly count: number; readonly now: number }>(
  (param) => `
SELECT u.id, least(${param.now}::bigint, u.wake_at, p.since) AS "decidedUntil", least(o.since, u.wake_at, p.since) AS "openSince"
FROM users u
CROSS JOIN LATERAL (
  SELECT min((r.body ->> 'since')::bigint) AS since FROM runs r WHERE r.user_id = u.id AND r.status IN ('active', 'failed')
) o
CROSS JOIN LATERAL (SELECT min(least(e.at, e.received_at)) AS since FROM events e WHERE e.user_id = u.id AND e.pending) p
WHERE u.id > ${param.last} ORDER BY u.id LIMIT ${param.count}`,
);

const page = ({ ids, decidedUntil, openSince }: Record<keyof PageValues, string>): string =>
  `unnest(${ids}::text[], ${decidedUntil}::bigint[], ${openSince}::bigint[]) AS page (id, decided_until, open_since)`;

/**
 * Groups are read from all calls about them, and consent has to be proved, so both stay. Rows that are locked wait for the next pass.
 * Rows are deleted by `ctid`: a join by primary key may scan the whole table.
 */
export const REMOVE_EVENTS = statement<EventValues>(
  (param) => `
DELETE FROM events WHERE ctid = ANY (ARRAY(
  SELECT old.ctid FROM ${page(param)} CROSS JOIN LATERAL (
    SELECT e.ctid FROM events e
    WHERE e.user_id = page.id AND e.at < ${param.before}::bigint AND e.received_at < ${param.before}::bigint AND NOT e.pending
      AND e.type NOT IN ('group', 'consent')
      AND NOT EXISTS (
        SELECT FROM unnest(${param.names}::text[], ${param.spans}::bigint[]) AS needed (name, span)
        WHERE needed.name = e.name AND e.at >= page.decided_until - needed.span - ${LATE_MS}
      )
      -- A time without milliseconds stands for its whole second. What calls are answered with has names of its own.
      AND (page.open_since IS NULL OR e.at < page.open_since / 1000 * 1000
        OR NOT (e.name = ANY (${param.ofOpenRuns}::text[]) OR starts_with(e.name, 'sojourn:')))
    LIMIT ${REMOVED_AT_ONCE} FOR UPDATE SKIP LOCKED
  ) old LIMIT ${REMOVED_AT_ONCE}))`,
);

/** The stage that a user is in keeps its beginning. */
export const REMOVE_STAGE_CHANGES = statement<RemovalValues>(
  (param) => `
DELETE FROM stage_changes WHERE ctid = ANY (ARRAY(
  SELECT s.ctid FROM ${page(param)} JOIN stage_changes s ON s.user_id = page.id
  WHERE s.at < ${param.before}::bigint
    AND EXISTS (SELECT FROM stage_changes later WHERE later.user_id = s.user_id AND (later.at, later.id) > (s.at, s.id))
  LIMIT ${REMOVED_AT_ONCE} FOR UPDATE OF s SKIP LOCKED))`,
);

/** An older message of a card in the app must not come back because the latest one is gone, so a message waits for those before it. */
export const REMOVE_MESSAGES = statement<RemovalValues>(
  (param) => `
DELETE FROM messages WHERE ctid = ANY (ARRAY(
  SELECT m.ctid FROM ${page(param)} JOIN messages m ON m.user_id = page.id
  WHERE m.decided_at < ${param.before}::bigint AND m.expires_at < ${param.before}::bigint
    AND m.status NOT IN ('queued', 'sending', 'retrying', 'held')
    AND NOT EXISTS (SELECT FROM runs r WHERE r.id = m.run_id AND r.status IN ('active', 'failed'))
    AND (m.channel <> 'inApp' OR NOT EXISTS (
      SELECT FROM messages o WHERE o.user_id = m.user_id AND o.channel = 'inApp' AND o.journey = m.journey
        AND o.decided_at <= m.decided_at AND o.expires_at >= ${param.before}::bigint
    ))
  LIMIT ${REMOVED_AT_ONCE} FOR UPDATE OF m SKIP LOCKED))`,
);

/**
 * A run stays while the app may show a message of it, and while it is the last one of a key by which the user may not enter again. A
 * journey with keys that is not known may be one of another release. What is removed is counted.
 */
export const REMOVE_RUNS = statement<RunValues>(
  (param) => `
WITH gone AS (
  DELETE FROM runs WHERE ctid = ANY (ARRAY(
    SELECT r.ctid FROM ${page(param)} JOIN runs r ON r.user_id = page.id
    LEFT JOIN unnest(${param.keyed}::text[], ${param.spans}::bigint[]) AS keyed (journey, span) ON keyed.journey = r.journey
    WHERE r.status NOT IN ('active', 'failed') AND r.ended_at < ${param.before}::bigint
      AND NOT EXISTS (
        SELECT FROM messages m WHERE m.user_id = r.user_id AND m.run_id = r.id AND m.expires_at >= ${param.before}::bigint
      )
      AND (r.key IS NULL OR r.body ? 'uncounted' OR r.entered_at < page.decided_until - keyed.span OR EXISTS (
        SELECT FROM runs later WHERE later.user_id = r.user_id AND later.journey = r.journey AND later.key = r.key
          AND NOT later.body ? 'uncounted' AND (later.entered_at, later.id) > (r.entered_at, r.id)
      ))
    LIMIT ${REMOVED_AT_ONCE} FOR UPDATE OF r SKIP LOCKED))
  RETURNING journey, status
), counted AS (
  INSERT INTO removed_runs AS removed (journey, status, n) SELECT journey, status, count(*) FROM gone GROUP BY journey, status
  ON CONFLICT (journey, status) DO UPDATE SET n = removed.n + excluded.n
)
SELECT FROM gone`,
);
