import type { Pool } from 'pg';
import type { Definitions } from '../engine/definitions/definitions';
import { endedKey } from '../engine/user/entry';
import type { JsonObject } from '../engine/model/json';
import type { ChannelName, History, HistoryRequest, UserEvent, UserState } from '../engine/model/state';
import { readMemory, readRun, type StoredMemory, type StoredRun } from '../engine/model/stored';
import { reachableBy } from '../engine/model/reach';
import { getOwn } from '../engine/model/own-property';
import { countedNames } from '../engine/user/triggers';
import { OPEN_MESSAGE_COLUMNS, toOpenMessage, type OpenMessage, type OpenMessageRow } from './messages';
import { CHANGES } from './stored-journeys';

/** A user as the engine takes it, with what the save has to know. */
export interface LoadedUser {
  readonly state: UserState;
  /** Raised by every ingest and every save; a save succeeds only on the version it was loaded at. */
  readonly version: number;
  readonly stateFormat: number;
  readonly release: number;
  /** How many changes of the stored journeys there were when the user was loaded. */
  readonly changes: number;
  readonly wakeAt: number | null;
  readonly awaiting: readonly string[];
  readonly awaitingVersion: string;
  /** Messages decided earlier and not delivered yet. */
  readonly open: readonly OpenMessage[];
}

/** What the engine asked for beyond the first load. */
export interface LoadExtension {
  readonly names: readonly string[];
  readonly since: number | null;
  readonly ended: History['ended'];
}

export const NOTHING_MORE: LoadExtension = { names: [], since: null, ended: {} };

/**
 * As many pending events are looked at at once, and those received together with the last: one user's must not hold up everybody.
 * The first look under other definitions takes in all that has come, whatever it is.
 */
const AT_ONCE = 500;

// One round trip brings everything `advance` needs. History is limited to the names a run could look for, and to the
// time since the oldest open run, or the oldest event not yet seen, began.
const LOAD = `
SELECT u.version, u.state_format, u.release, u.traits, u.consent, u.created_at, u.last_seen_at, u.memory, u.wake_at,
       u.awaiting, u.awaiting_version, ${CHANGES} AS changes, r.runs, e.events, e.since, b.until, m.open,
       EXISTS (SELECT FROM push_subscriptions p WHERE p.user_id = u.id) AS push,
       CASE WHEN $3::text[] = '{}' OR (u.memory->'counts' ?& $3 AND u.memory->>'version' = $5) THEN NULL ELSE
         (SELECT json_object_agg(c.name, c.n) FROM
           (SELECT name, count(*) AS n FROM events WHERE user_id = u.id AND NOT pending AND name = ANY($3) GROUP BY name) c)
       END AS counts
FROM users u
CROSS JOIN LATERAL (
  SELECT json_agg(body) AS runs, min((body->>'since')::bigint) AS since
  FROM runs WHERE user_id = u.id AND status IN ('active', 'failed')) r
CROSS JOIN LATERAL (
  SELECT min(at) AS since, min(received_at) AS first, max(received_at) AS last, count(*) AS n FROM events WHERE user_id = u.id AND pending) p
LEFT JOIN LATERAL (
  SELECT greatest(p.first, received_at - 1) AS until FROM events WHERE p.n > ${AT_ONCE} AND user_id = u.id AND pending
  ORDER BY received_at OFFSET ${AT_ONCE} LIMIT 1) b ON b.until < p.last AND (u.memory IS NULL OR u.memory->>'version' = $5)
CROSS JOIN LATERAL (
  SELECT least(r.since, p.since, $4::bigint) AS since,
         json_agg(json_build_object('id', x.id::text, 'name', x.name, 'at', x.at, 'receivedAt', x.received_at, 'properties', x.properties, 'active', x.active, 'pending', x.pending)) AS events
  FROM (
    SELECT id, name, at, received_at, properties, active, pending FROM events
    WHERE user_id = u.id AND pending AND (b.until IS NULL OR received_at <= b.until)
    UNION ALL
    SELECT id, name, at, received_at, properties, active, pending FROM events
    WHERE user_id = u.id AND NOT pending AND name = ANY($2) AND at >= least(r.since, p.since, $4::bigint)
  ) x) e
CROSS JOIN LATERAL (
  SELECT json_agg(json_build_object(${OPEN_MESSAGE_COLUMNS})) AS open
  FROM messages WHERE user_id = u.id AND status IN ('queued', 'sending', 'retrying')) m
WHERE u.id = $1`;

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
  readonly counts: Readonly<Record<string, number>> | null;
}

/** Loads a user for the engine, in one statement; null when there is none. */
export async function loadUser(
  pool: Pool,
  definitions: Definitions,
  id: string,
  wants: LoadExtension = NOTHING_MORE,
): Promise<LoadedUser | null> {
  const names = [...new Set([...definitions.looksBackFor, ...wants.names])];
  const milestones = countedNames(definitions.journeys);
  const { rows } = await pool.query<LoadRow>({
    name: 'load-user',
    text: LOAD,
    values: [id, names, milestones, wants.since, definitions.version],
  });
  const row = rows[0];
  if (!row) return null;
  const history: History = {
    events: row.events ?? [],
    names,
    since: row.since ?? Number.MAX_SAFE_INTEGER,
    ended: wants.ended,
    ...(row.until !== null && { until: row.until }),
    counts: Object.fromEntries(milestones.map((name) => [name, getOwn(row.counts ?? {}, name) ?? 0])),
  };
  return {
    state: {
      id,
      traits: row.traits,
      reach: { reachable: reachableBy(row.traits, row.push), consent: row.consent },
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

/** What to load next time, given what the engine asked for. */
export async function extendLoad(
  pool: Pool,
  id: string,
  wants: LoadExtension,
  need: HistoryRequest,
): Promise<LoadExtension> {
  if (need.kind === 'events') {
    return { ...wants, names: [...wants.names, ...need.names], since: Math.min(need.since, wants.since ?? need.since) };
  }
  const { journey, keys } = need;
  const { rows } = await pool.query<{ key: string; at: number | null }>({
    name: 'last-runs-of-keys',
    text: `SELECT k.key, (
        SELECT entered_at FROM runs WHERE user_id = $1 AND journey = $2 AND key = k.key ORDER BY entered_at DESC LIMIT 1
      ) AS at FROM unnest($3::text[]) AS k(key)`,
    values: [id, journey, keys],
  });
  const answers = Object.fromEntries(rows.map(({ key, at }) => [endedKey(journey, key), at]));
  return { ...wants, ended: { ...wants.ended, ...answers } };
}
