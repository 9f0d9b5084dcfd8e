import { refuseNewer } from '../../activities/newer-release';
import { assemble } from '../../engine/json/assemble';
import { staticDefinitions, type DefinitionsProvider, type Sources } from '../../engine/definitions/definitions';
import type { Call, Memory, Run, StageChange } from '../../engine/model/state';
import type { JsonObject } from '../../engine/model/json';
import { recordCall } from '../../store/calls';
import type { Database } from '../../store/database';
import { ingest, type Batch } from '../../store/ingest';
import type { IncomingEvent } from '../../store/ingest-values';
import { Release } from '../../store/releases';
import { loadAndDecide } from '../../store/state-decide';
import type { LoadedUser } from '../../store/state-load';
import { saveUser } from '../../store/state-save';
import { storedInForce } from '../../store/stored-journeys';
import { CATALOGUE } from './journeys/events';
import { outcomeOf, type Outcome, type ReducedMessage } from './outcome';

/** The parts of an event that matter. The others have usual values. */
export interface Deed {
  readonly user: string;
  readonly name: string;
  readonly at: number;
  readonly properties?: JsonObject;
  readonly traits?: JsonObject;
  readonly type?: IncomingEvent['type'];
}

/** All users in a real database, in virtual time. Ingest, decisions and saves are those of production. */
export class World {
  /** The problems with stored journeys that do not run. */
  problems: readonly string[] = [];
  /** Whether the calls of a user are answered. */
  answersCalls: (user: string) => boolean = () => true;
  private definitions: DefinitionsProvider | null = null;
  private readonly release: Release;

  /** @param suffix is added to the versions of the definitions, to make them those of another release */
  constructor(
    readonly database: Database,
    private readonly suffix = '',
  ) {
    this.release = new Release(database.pool);
  }

  get inForce(): DefinitionsProvider {
    if (!this.definitions) throw new Error('No definitions are in force. Call takeUp first.');
    return this.definitions;
  }

  get releaseNumber(): number {
    return this.release.seq;
  }

  /** Takes up these sources and the stored journeys that are in force. */
  async takeUp(sources: Sources): Promise<void> {
    const assembled = await assemble(sources, await storedInForce(this.database.pool), CATALOGUE);
    const definitions = { ...assembled.definitions, version: `${assembled.definitions.version}${this.suffix}` };
    await this.release.become(definitions);
    this.problems = assembled.problems.map(({ text }) => text);
    this.definitions = staticDefinitions(definitions);
  }

  /** The ids of all users, sorted. */
  async users(): Promise<string[]> {
    return this.database.knex('users').orderByRaw('id COLLATE "C"').pluck('id') as Promise<string[]>;
  }

  /** Stores an event, and decides nothing. Returns whether the event would wake the user. */
  async store(deed: Deed, aliases: Batch['aliases'] = []): Promise<boolean> {
    const { user, name, at, properties = {}, traits = null, type = 'track' } = deed;
    const event: IncomingEvent = {
      userId: user,
      messageId: `${user} ${name} ${at}`,
      type,
      name,
      at,
      active: true,
      traits: traits && JSON.stringify(traits),
      properties: JSON.stringify(properties),
      anonymousId: null,
    };
    const batch = { events: [event], aliases, receivedAt: at };
    const { pending } = await ingest(this.database, this.inForce, batch, 'users');
    return pending.length > 0;
  }

  /** Receives an event on time, and advances the user if the event wakes them. */
  async receive(deed: Deed): Promise<void> {
    await this.passUntil(deed.user, deed.at - 1);
    if (await this.store(deed)) await this.look(deed.user, deed.at);
  }

  /** Loads, advances and saves a user, and does so again for answers to calls. `now` is epoch milliseconds. */
  async look(user: string, now: number): Promise<void> {
    const { pool } = this.database;
    const check = (loaded: LoadedUser): void => refuseNewer(loaded, this.release.seq);
    const decided = await loadAndDecide({ pool, definitions: this.inForce, now: () => now, check }, user);
    if (!decided || !(await saveUser(pool, decided.loaded, decided.advanced, this.release.seq)))
      throw new Error(`Expected '${user}' to be stored and unchanged since it was loaded.`);
    const { effects, state } = decided.advanced;
    const answered = this.answersCalls(user) ? effects.calls : [];
    for (const call of answered) await this.answer(user, call, now);
    if (answered.length > 0 || state.history.until !== undefined) await this.look(user, now);
  }

  /** Lets time pass for a user, and advances them whenever something is due. `end` is epoch milliseconds. */
  async passUntil(user: string, end: number): Promise<void> {
    for (;;) {
      const row = await this.database.knex('users').where({ id: user }).first<{ wake_at: number | null } | undefined>();
      const wakeAt = row?.wake_at ?? null;
      if (wakeAt === null || wakeAt > end) return;
      await this.look(user, wakeAt);
    }
  }

  /** Lets time pass for all users. `end` is epoch milliseconds. */
  async allPassUntil(end: number): Promise<void> {
    for (const user of await this.users()) await this.passUntil(user, end);
  }

  /** The outcomes of all users so far, by id. */
  async outcomes(): Promise<Readonly<Record<string, Outcome>>> {
    const users = await this.users();
    return Object.fromEntries(
      await Promise.all(users.map(async (user) => [user, await this.outcomeOf(user)] as const)),
    );
  }

  private async answer(user: string, { runId, step }: Call, now: number): Promise<void> {
    await recordCall(this.database.pool, { userId: user, runId, step, result: { left: 3 }, now });
  }

  private async outcomeOf(user: string): Promise<Outcome> {
    const { pool } = this.database;
    const [users, runs, messages, changes] = await Promise.all([
      pool.query<{ memory: Memory | null; traits: JsonObject }>('SELECT memory, traits FROM users WHERE id = $1', [
        user,
      ]),
      pool.query<{ body: Run }>('SELECT body FROM runs WHERE user_id = $1', [user]),
      pool.query<ReducedMessage>(
        'SELECT id, step, channel, template, status, decided_at AS "decidedAt" FROM messages WHERE user_id = $1',
        [user],
      ),
      pool.query<Pick<StageChange, 'at' | 'from' | 'to'>>(
        'SELECT at, "from", "to" FROM stage_changes WHERE user_id = $1 ORDER BY id',
        [user],
      ),
    ]);
    const { memory = null, traits = {} } = users.rows[0] ?? {};
    const bodies = runs.rows.map(({ body }) => body);
    return outcomeOf({ runs: bodies, messages: messages.rows, stageChanges: changes.rows, memory, traits });
  }
}
