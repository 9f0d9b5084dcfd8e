import { refuseNewer } from '../../activities/newer-release';
import { assemble } from '../../engine/json/assemble';
import { staticDefinitions, type DefinitionsProvider, type Sources } from '../../engine/definitions/definitions';
import type { Call, Memory, Run, StageChange } from '../../engine/model/state';
import type { JsonObject } from '../../engine/model/json';
import { recordCall } from '../../store/calls';
import type { Database } from '../../store/database';
import { ingest, type Batch, type IncomingEvent } from '../../store/ingest';
import { Release } from '../../store/releases';
import { loadAndDecide } from '../../store/state-decide';
import type { LoadedUser } from '../../store/state-load';
import { saveUser } from '../../store/state-save';
import { storedInForce } from '../../store/stored-journeys';
import { CATALOGUE } from './journeys/events';
import { outcomeOf, type Outcome, type ReducedMessage } from './outcome';

/** Some of an event; the rest is usual. */
export interface Deed {
  readonly user: string;
  readonly name: string;
  readonly at: number;
  readonly properties?: JsonObject;
  readonly traits?: JsonObject;
  readonly type?: IncomingEvent['type'];
}

/** Everybody in a real database, in virtual time: ingest, decisions and saves are those of production. */
export class World {
  /** What of the stored journeys does not run. */
  problems: readonly string[] = [];
  /** Whose calls are answered. */
  answersCalls: (user: string) => boolean = () => true;
  private definitions: DefinitionsProvider | null = null;
  private readonly release: Release;

  /** @param suffix makes the versions of the definitions those of another release */
  constructor(
    readonly database: Database,
    private readonly suffix = '',
  ) {
    this.release = new Release(database.pool);
  }

  get inForce(): DefinitionsProvider {
    if (!this.definitions) throw new Error('Nothing is in force yet.');
    return this.definitions;
  }

  get releaseNumber(): number {
    return this.release.seq;
  }

  /** Takes up what is defined in code, and what of the stored journeys is in force. */
  async takeUp(sources: Sources): Promise<void> {
    const assembled = await assemble(sources, await storedInForce(this.database.pool), CATALOGUE);
    const definitions = { ...assembled.definitions, version: `${assembled.definitions.version}${this.suffix}` };
    await this.release.become(definitions);
    this.problems = assembled.problems.map(({ text }) => text);
    this.definitions = staticDefinitions(definitions);
  }

  /** Everybody, by id. */
  async users(): Promise<string[]> {
    return this.database.knex('users').orderByRaw('id COLLATE "C"').pluck('id') as Promise<string[]>;
  }

  /** Stores an event, and decides nothing. Answers whether it would wake the user. */
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
    const { pending } = await ingest(this.database, this.inForce, { events: [event], aliases, receivedAt: at });
    return pending.length > 0;
  }

  /** An event comes on time, and what it means is decided if it matters. */
  async receive(deed: Deed): Promise<void> {
    await this.passUntil(deed.user, deed.at - 1);
    if (await this.store(deed)) await this.look(deed.user, deed.at);
  }

  /** Loads, decides and saves, and does so again for what calls answer. */
  async look(user: string, now: number): Promise<void> {
    const { pool } = this.database;
    const check = (loaded: LoadedUser): void => refuseNewer(loaded, this.release.seq);
    const decided = await loadAndDecide({ pool, definitions: this.inForce, now: () => now, check }, user);
    if (!decided || !(await saveUser(pool, decided.loaded, decided.advanced, this.release.seq)))
      throw new Error(`${user} is not stored, or was changed meanwhile.`);
    const { effects, state } = decided.advanced;
    const answered = this.answersCalls(user) ? effects.calls : [];
    for (const call of answered) await this.answer(user, call, now);
    if (answered.length > 0 || state.history.until !== undefined) await this.look(user, now);
  }

  /** Lets time pass for somebody, who is looked at whenever something is due. */
  async passUntil(user: string, end: number): Promise<void> {
    for (;;) {
      const row = await this.database.knex('users').where({ id: user }).first<{ wake_at: number | null } | undefined>();
      const wakeAt = row?.wake_at ?? null;
      if (wakeAt === null || wakeAt > end) return;
      await this.look(user, wakeAt);
    }
  }

  /** Lets time pass for everybody. */
  async allPassUntil(end: number): Promise<void> {
    for (const user of await this.users()) await this.passUntil(user, end);
  }

  /** What has become of everybody so far, by id. */
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
