import type { JsonObject } from '../engine/model/json';
import type { ChannelName, UserEvent } from '../engine/model/state';
import type { StoredMemory, StoredRun } from '../engine/model/stored';
import { OPEN_AT_ONCE, OPEN_MESSAGE_COLUMNS, type OpenMessageRow } from './messages';
import { HAS_PUSH } from './push-subscriptions';
import { prepared, type Placeholders } from './sql';
import { CHANGES } from './stored-journeys';
import { suppressionsOf, type Suppressions } from './suppressions';

/**
 * At most this many pending events are loaded at once, so that one user can't hold up all others. Events of one request are never
 * split, so a load may have as many as a request can hold.
 */
const AT_ONCE = 500;
/** The first load under other definitions takes all pending events, unless they are more than this. */
const AT_ONCE_WHEN_EDITED = 20_000;
/** At most this many earlier events are loaded, the latest ones. Runs look back no further. */
const LOOK_BACK = 10_000;

/** What the engine needs of every user under the same definitions, and how far back. */
export interface LoadValues {
  /** Events of these names are loaded, back to the start of the history. */
  readonly names: readonly string[];
  /** Events of these names are counted. */
  readonly milestones: readonly string[];
  /** The history starts no later than this. */
  readonly since: number | null;
  readonly version: string;
}

/** SQL: everything that the engine needs of one user. `id` is an SQL expression. */
const userOf = (param: Placeholders<LoadValues>, id: string): string => `
SELECT u.id, u.version, u.state_format, u.release, u.traits, u.consent, u.created_at, u.last_seen_at, u.imported_at, u.memory, u.wake_at,
       u.awaiting, u.awaiting_version, ${CHANGES} AS changes, r.runs, e.events, e.since, b.until, m.open,
       ${HAS_PUSH} AS push, ${suppressionsOf('u')} AS suppressions,
       -- Milestones are counted only if the memory doesn't count all of them already, under the same definitions.
       CASE WHEN ${param.milestones}::text[] = '{}'
         OR (u.memory->'counts' ?& ${param.milestones} AND u.memory->>'version' = ${param.version}) THEN NULL
       ELSE (
         SELECT json_object_agg(c.name, c.n) FROM (
           SELECT name, count(*) AS n FROM events WHERE user_id = u.id AND NOT pending AND name = ANY(${param.milestones})
             -- The engine itself counts history that it has not taken into account yet.
             AND NOT (history AND received_at > coalesce((u.memory->>'importedUntil')::bigint, 0)) GROUP BY name
         ) c)
       END AS counts
FROM users u
CROSS JOIN LATERAL (
  -- The runs in progress, and since when their events count.
  SELECT json_agg(body) AS runs, min((body->>'since')::bigint) AS since
  FROM runs WHERE user_id = u.id AND status IN ('active', 'failed')) r
CROSS JOIN LATERAL (
  -- The extent of the pending events. An index has them in the order of arrival, so none of it depends on how many there are.
  SELECT min(received_at) AS first, max(received_at) AS last FROM events WHERE user_id = u.id AND pending) p
LEFT JOIN LATERAL (
  -- If too many events are pending, those received after "until" wait for the next load. Events that were received together are
  -- never split, even if they are more than that.
  SELECT greatest(p.first, received_at - 1) AS until FROM events WHERE user_id = u.id AND pending
  ORDER BY received_at
  OFFSET CASE WHEN u.memory->>'version' <> ${param.version} THEN ${AT_ONCE_WHEN_EDITED} ELSE ${AT_ONCE} END LIMIT 1
) b ON b.until < p.last
CROSS JOIN LATERAL (
  SELECT min(at) AS since FROM events WHERE user_id = u.id AND pending AND (b.until IS NULL OR received_at <= b.until)) s
CROSS JOIN LATERAL (
  -- The pending events, and earlier ones of the names that a run could look for. The history starts where the oldest run in
  -- progress or the oldest event to decide needs it, or where the engine has asked for it, and is loaded from the start of that
  -- second, as engine/model/coarse-time.ts requires.
  SELECT least(r.since, s.since, ${param.since}::bigint) AS since,
         json_agg(json_build_object(
           'id', x.id::text, 'name', x.name, 'at', x.at, 'receivedAt', x.received_at, 'properties', x.properties, 'active', x.active, 'pending', x.pending,
           'forgetAt', x.forget_at, 'history', x.history
         )) AS events
  FROM (
    SELECT id, name, at, received_at, properties, active, pending, forget_at, history FROM events
    WHERE user_id = u.id AND pending AND (b.until IS NULL OR received_at <= b.until)
    UNION ALL (
      -- Answers to calls are internal events. Only as many come as calls were made, and a run may still need any of them.
      SELECT id, name, at, received_at, properties, active, pending, forget_at, history FROM events
      WHERE user_id = u.id AND NOT pending AND name = ANY(${param.names}) AND at >= least(r.since, s.since, ${param.since}::bigint) / 1000 * 1000
      ORDER BY type <> 'internal', at DESC LIMIT ${LOOK_BACK}
    )
  ) x) e
CROSS JOIN LATERAL (
  -- Messages that are not delivered yet, the oldest ones.
  SELECT json_agg(json_build_object(${OPEN_MESSAGE_COLUMNS})) AS open FROM (
    SELECT * FROM messages WHERE user_id = u.id AND status IN ('queued', 'sending', 'retrying') ORDER BY decided_at, id LIMIT ${OPEN_AT_ONCE}
  ) o) m
WHERE u.id = ${id}`;

/** Loads one user. */
export const LOAD = prepared<LoadValues & { readonly id: string }>('load-user', (param) => userOf(param, param.id));

/**
 * Loads several users. The planner takes an unknown limit for a tenth of the rows of `unnest`, which is one, and the fence of `OFFSET`
 * keeps the plan for one user. It reads only indexes, however few rows there were when it was made.
 */
export const LOAD_TOGETHER = prepared<LoadValues & { readonly ids: readonly string[]; readonly count: number }>(
  'load-users',
  (param) => `
SELECT one.* FROM (SELECT id FROM unnest(${param.ids}::text[]) AS given (id) LIMIT ${param.count}) given
CROSS JOIN LATERAL (${userOf(param, 'given.id')} OFFSET 0) one`,
);

/** A user as the database returns them. */
export interface LoadRow {
  readonly id: string;
  readonly version: number;
  readonly state_format: number;
  readonly release: number;
  readonly changes: number;
  readonly traits: JsonObject;
  readonly consent: Partial<Record<ChannelName, boolean>>;
  readonly created_at: number;
  readonly last_seen_at: number;
  readonly imported_at: number | null;
  readonly memory: StoredMemory | null;
  readonly wake_at: number | null;
  readonly awaiting: readonly string[];
  readonly awaiting_version: string;
  readonly runs: readonly StoredRun[] | null;
  readonly events: readonly UserEvent[] | null;
  readonly since: number | null;
  readonly until: number | null;
  readonly open: readonly OpenMessageRow[] | null;
  readonly push: boolean;
  readonly suppressions: Suppressions;
  readonly counts: Readonly<Record<string, number>> | null;
}
