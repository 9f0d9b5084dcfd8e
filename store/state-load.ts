import type { Pool } from 'pg';
import type { Definitions } from '../engine/definitions/definitions';
import { endedKey } from '../engine/user/entry';
import type { JsonObject } from '../engine/model/json';
import type { ChannelName, History, HistoryRequest, Suppression, UserEvent, UserState } from '../engine/model/state';
import { readMemory, readRun, type StoredMemory, type StoredRun } from '../engine/model/stored';
import { reachableBy } from '../engine/model/reach';
import { getOwn } from '../engine/model/own-property';
import { countedNames } from '../engine/user/triggers';
import { OPEN_AT_ONCE, OPEN_MESSAGE_COLUMNS, toOpenMessage, type OpenMessage, type OpenMessageRow } from './messages';
import { HAS_PUSH } from './push-subscriptions';
import { prepared } from './sql';
import { suppressedReach, suppressionsOf } from './suppressions';
import { CHANGES } from './stored-journeys';

/** A user in the form the engine takes, with what the save needs to know. */
export interface LoadedUser {
  readonly state: UserState;
  /** Every ingest and every save raises it. A save succeeds only if it is still the version that was loaded. */
  readonly version: number;
  readonly stateFormat: number;
  readonly release: number;
  /** How often the stored journeys had changed when the user was loaded. */
  readonly changes: number;
  readonly wakeAt: number | null;
  readonly awaiting: readonly string[];
  readonly awaitingVersion: string;
  /** Messages that were decided earlier and are not delivered yet. */
  readonly open: readonly OpenMessage[];
}

/** The history that the engine asked for beyond the first load. */
export interface LoadExtension {
  readonly names: readonly string[];
  readonly since: number | null;
  readonly ended: History['ended'];
}

/** The extension of a first load. */
export const NOTHING_MORE: LoadExtension = { names: [], since: null, ended: {} };

/**
 * At most this many pending events are loaded at once, so that one user can't hold up all others. Events of one request are never
 * split, so a load may have as many as a request can hold.
 */
const AT_ONCE = 500;
/** The first load under other definitions takes all pending events, unless they are more than this. */
const AT_ONCE_WHEN_EDITED = 20_000;
/** At most this many earlier events are loaded, the latest ones. Runs look back no further. */
const LOOK_BACK = 10_000;

interface LoadValues {
  readonly id: string;
  /** Events of these names are loaded, back to the start of the history. */
  readonly names: readonly string[];
  /** Events of these names are counted. */
  readonly milestones: readonly string[];
  /** The history starts no later than this. */
  readonly since: number | null;
  readonly version: string;
}

// One round trip loads everything that the engine needs.
const LOAD = prepared<LoadValues>(
  'load-user',
  (param) => `
SELECT u.version, u.state_format, u.release, u.traits, u.consent, u.created_at, u.last_seen_at, u.memory, u.wake_at,
       u.awaiting, u.awaiting_version, ${CHANGES} AS changes, r.runs, e.events, e.since, b.until, m.open,
       ${HAS_PUSH} AS push, ${suppressionsOf('u')} AS suppressions,
       -- Milestones are counted only if the memory doesn't count all of them already, under the same definitions.
       CASE WHEN ${param.milestones}::text[] = '{}'
         OR (u.memory->'counts' ?& ${param.milestones} AND u.memory->>'version' = ${param.version}) THEN NULL
       ELSE (
         SELECT json_object_agg(c.name, c.n) FROM (
           SELECT name, count(*) AS n FROM events WHERE user_id = u.id AND NOT pending AND name = ANY(${param.milestones}) GROUP BY name
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
           'id', x.id::text, 'name', x.name, 'at', x.at, 'receivedAt', x.received_at, 'properties', x.properties, 'active', x.active, 'pending', x.pending
         )) AS events
  FROM (
    SELECT id, name, at, received_at, properties, active, pending FROM events
    WHERE user_id = u.id AND pending AND (b.until IS NULL OR received_at <= b.until)
    UNION ALL (
      -- Answers to calls are internal events. Only as many come as calls were made, and a run may still need any of them.
      SELECT id, name, at, received_at, properties, active, pending FROM events
      WHERE user_id = u.id AND NOT pending AND name = ANY(${param.names}) AND at >= least(r.since, s.since, ${param.since}::bigint) / 1000 * 1000
      ORDER BY type <> 'internal', at DESC LIMIT ${LOOK_BACK}
    )
  ) x) e
CROSS JOIN LATERAL (
  -- Messages that are not delivered yet, the oldest ones.
  SELECT json_agg(json_build_object(${OPEN_MESSAGE_COLUMNS})) AS open FROM (
    SELECT * FROM messages WHERE user_id = u.id AND status IN ('queued', 'sending', 'retrying') ORDER BY decided_at, id LIMIT ${OPEN_AT_ONCE}
  ) o) m
WHERE u.id = ${param.id}`,
);

interface LoadRow {
  readonly version: number;
  readonly state_format: number;
  readonly release: number;
  readonly changes: number;
  readonly traits: JsonObject;
  readonly consent: Partial<Record<ChannelName, boolean>>;
  readonly created_at: number;
  readonly last_seen_at: number;
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
  readonly suppressions: readonly Suppression[];
  readonly counts: Readonly<Record<string, number>> | null;
}

/**
 * Loads a user for the engine, in one statement.
 * @param extension history to load beyond what the definitions always need
 * @returns null when there is no such user
 */
export async function loadUser(
  pool: Pool,
  definitions: Definitions,
  id: string,
  extension: LoadExtension = NOTHING_MORE,
): Promise<LoadedUser | null> {
  const names = [...new Set([...definitions.looksBackFor, ...extension.names])];
  const milestones = countedNames(definitions.journeys);
  const load = LOAD({ id, names, milestones, since: extension.since, version: definitions.version });
  const { rows } = await pool.query<LoadRow>(load);
  const row = rows[0];
  if (!row) return null;
  const history: History = {
    events: row.events ?? [],
    names,
    since: row.since ?? Number.MAX_SAFE_INTEGER,
    ended: extension.ended,
    ...(row.until !== null && { until: row.until }),
    counts: Object.fromEntries(milestones.map((name) => [name, getOwn(row.counts ?? {}, name) ?? 0])),
  };
  return {
    state: {
      id,
      traits: row.traits,
      reach: {
        reachable: reachableBy(row.traits, row.push),
        consent: row.consent,
        ...suppressedReach(row.suppressions),
      },
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      memory: row.memory && readMemory(row.memory),
      runs: (row.runs ?? []).map(readRun),
      history,
    },
    version: row.version,
    stateFormat: row.state_format,
    release: row.release,
    changes: row.changes,
    wakeAt: row.wake_at,
    awaiting: row.awaiting,
    awaitingVersion: row.awaiting_version,
    open: (row.open ?? []).map(toOpenMessage),
  };
}

/** Adds what the engine asked for to the extension of the next load. A request for ended runs is answered by a query here. */
export async function extendLoad(
  pool: Pool,
  id: string,
  extension: LoadExtension,
  request: HistoryRequest,
): Promise<LoadExtension> {
  if (request.kind === 'events') {
    return {
      ...extension,
      names: [...extension.names, ...request.names],
      since: Math.min(request.since, extension.since ?? request.since),
    };
  }
  const { journey, keys } = request;
  const { rows } = await pool.query<{ key: string; at: number | null }>({
    name: 'last-runs-of-keys',
    text: `SELECT k.key, (
        SELECT entered_at FROM runs WHERE user_id = $1 AND journey = $2 AND key = k.key ORDER BY entered_at DESC LIMIT 1
      ) AS at FROM unnest($3::text[]) AS k(key)`,
    values: [id, journey, keys],
  });
  const answers = Object.fromEntries(rows.map(({ key, at }) => [endedKey(journey, key), at]));
  return { ...extension, ended: { ...extension.ended, ...answers } };
}
