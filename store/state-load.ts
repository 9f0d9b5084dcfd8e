import type { Pool } from 'pg';
import type { Definitions } from '../engine/definitions/definitions';
import { endedKey } from '../engine/user/last-entry';
import type { EndedRuns } from '../engine/model/entries';
import type { AskedHistory, GroupHistory } from '../engine/model/group';
import type { History, HistoryRequest, UserState } from '../engine/model/state';
import { readMemory, readRun } from '../engine/model/stored';
import { reachableBy } from '../engine/model/reach';
import { getOwn } from '../engine/model/own-property';
import { countedNames } from '../engine/user/triggers';
import { withGroup } from '../engine/user/groups';
import { askedFrom } from '../engine/user/history';
import { askedEvents } from './asked-events';
import { groupHistory } from './group-history';
import { Gatherer, remembered } from './gatherer';
import { toOpenMessage, type OpenMessage } from './messages';
import { LOAD, LOAD_TOGETHER, type LoadRow, type LoadValues } from './state-load-sql';
import { suppressedReach } from './suppressions';
import { answersAboutTopics } from './preferences';

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
  readonly asked: AskedHistory;
  readonly groups: readonly GroupHistory[];
}

/** The extension of a first load. */
export const NOTHING_MORE: LoadExtension = { names: [], since: null, ended: {}, asked: {}, groups: [] };

/** Users who were loaded with more events and steps than this are loaded alone from then on, so that nobody waits for them. */
const LARGE = 300;
/** Of the large users, so many are remembered. */
const LARGE_AT_MOST = 1_000;

/**
 * Loads a user for the engine, in one statement. Users that are loaded at the same time share it.
 * @param extension history to load beyond what the definitions always need
 * @returns null when there is no such user
 */
export async function loadUser(
  pool: Pool,
  definitions: Definitions,
  id: string,
  extension: LoadExtension = NOTHING_MORE,
): Promise<LoadedUser | null> {
  const loader = loaderOf(pool)(definitions);
  return extension === NOTHING_MORE ? loader.load(id) : loader.loadAlone(id, extension);
}

/** Loads users under the same definitions. */
class UserLoader {
  private readonly names;
  private readonly milestones;
  private readonly large = new Set<string>();
  private readonly gatherer = new Gatherer<string, LoadedUser | null>({
    alone: (id) => this.loadAlone(id, NOTHING_MORE),
    together: (ids) => this.loadTogether(ids),
  });

  constructor(
    private readonly pool: Pool,
    private readonly definitions: Definitions,
  ) {
    this.names = [...new Set(definitions.looksBackFor)];
    this.milestones = countedNames(definitions.journeys);
  }

  load(id: string): Promise<LoadedUser | null> {
    return this.large.has(id) ? this.loadAlone(id, NOTHING_MORE) : this.gatherer.ask(id);
  }

  async loadAlone(id: string, extension: LoadExtension): Promise<LoadedUser | null> {
    const values = this.valuesFor(extension);
    const { rows } = await this.pool.query<LoadRow>(LOAD({ ...values, id }));
    return rows[0] ? this.loaded(rows[0], values.names, extension) : null;
  }

  private async loadTogether(ids: readonly string[]): Promise<(LoadedUser | null)[]> {
    const values = this.valuesFor(NOTHING_MORE);
    const { rows } = await this.pool.query<LoadRow>(LOAD_TOGETHER({ ...values, ids, count: ids.length }));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => {
      const row = byId.get(id);
      return row ? this.loaded(row, values.names, NOTHING_MORE) : null;
    });
  }

  private valuesFor({ names, since }: LoadExtension): LoadValues {
    const { milestones, definitions } = this;
    return { names: [...new Set([...this.names, ...names])], milestones, since, version: definitions.version };
  }

  private loaded(row: LoadRow, names: readonly string[], answers: LoadExtension): LoadedUser {
    const loaded = toLoaded(row, names, answers, this.milestones);
    this.remember(loaded.state);
    return loaded;
  }

  private remember({ id, runs, history }: UserState): void {
    this.large.delete(id);
    if (runs.reduce((sum, { journal }) => sum + journal.length, history.events.length) <= LARGE) return;
    this.large.add(id);
    const [oldest] = this.large;
    if (this.large.size > LARGE_AT_MOST && oldest !== undefined) this.large.delete(oldest);
  }
}

const loaderOf = remembered((pool: Pool) =>
  remembered((definitions: Definitions) => new UserLoader(pool, definitions)),
);

function toLoaded(
  row: LoadRow,
  names: readonly string[],
  { ended, asked, groups }: LoadExtension,
  milestones: readonly string[],
): LoadedUser {
  const history: History = {
    events: row.events ?? [],
    names,
    since: row.since ?? Number.MAX_SAFE_INTEGER,
    ended,
    asked,
    groups,
    ...(row.until !== null && { until: row.until }),
    counts: Object.fromEntries(milestones.map((name) => [name, getOwn(row.counts ?? {}, name) ?? 0])),
  };
  return {
    state: {
      id: row.id,
      traits: row.traits,
      reach: {
        reachable: reachableBy(row.traits, row.push, row.device),
        consent: row.consent,
        ...suppressedReach(row.suppressions),
        ...answersAboutTopics(row.topics),
      },
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      ...(row.imported_at !== null && { importedAt: row.imported_at }),
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

/**
 * Adds what the engine asked for to the extension of the next load. A request for ended runs, or for the events of some names, is
 * answered by a query here.
 */
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
  if (request.kind === 'asked') {
    const asked = askedFrom(await askedEvents(pool, id, request.since), request.since);
    return { ...extension, asked: { ...extension.asked, ...asked } };
  }
  if (request.kind === 'group')
    return { ...extension, groups: withGroup(extension.groups, await groupHistory(pool, id, request)) };
  const { journey, keys } = request;
  const { rows } = await pool.query<EndedRuns & { readonly key: string }>({
    name: 'ended-runs-of-keys',
    // A trigger that was overtaken lets nobody enter, so the run that was entered last has the latest time as well.
    text: `SELECT k.key, (
        SELECT entered_at FROM runs WHERE user_id = $1 AND journey = $2 AND key = k.key AND NOT body ? 'uncounted'
        ORDER BY entered_at DESC LIMIT 1
      ) AS "countedAt", (
        SELECT (body ->> 'since')::bigint FROM runs WHERE user_id = $1 AND journey = $2 AND key = k.key
        ORDER BY entered_at DESC LIMIT 1
      ) AS since FROM unnest($3::text[]) AS k(key)`,
    values: [id, journey, keys],
  });
  const answers = Object.fromEntries(rows.map(({ key, ...runs }) => [endedKey(journey, key), runs]));
  return { ...extension, ended: { ...extension.ended, ...answers } };
}
