import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import type { Advanced } from '../../engine/advance/advance';
import type { JsonObject } from '../../engine/model/json';
import type { Database } from '../../store/database';
import { ingest } from '../../store/ingest';
import type { IncomingEvent } from '../../store/ingest-values';
import { noteLookBack } from '../../store/looked-back';
import { loadAndDecide } from '../../store/state-decide';
import { saveUser } from '../../store/state-save';

/** Something a person does. Times are epoch milliseconds. */
export interface Happening {
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly properties: JsonObject;
  readonly type?: IncomingEvent['type'];
  /** False for an event that only happens to the user. Default: true. */
  readonly active?: boolean;
}

/** A user in a real database and in virtual time. Ingest, decisions and saves are the code of production. */
export class VirtualUser {
  constructor(
    private readonly database: Database,
    readonly id: string,
    private readonly definitions: Definitions,
    private readonly onAdvanced: (advanced: Advanced) => void = () => undefined,
  ) {}

  /** Lets time pass until an event arrives, stores it, and advances the user if it is pending. */
  async receive({ id, name, at, receivedAt, properties, type = 'track', active = true }: Happening): Promise<void> {
    await this.passUntil(receivedAt - 1);
    const event = {
      userId: this.id,
      messageId: id,
      type,
      name,
      at,
      active,
      traits: type === 'identify' ? JSON.stringify(properties) : null,
      properties: JSON.stringify(properties),
      anonymousId: null,
    };
    const { pending } = await ingest(this.database, staticDefinitions(this.definitions), {
      events: [event],
      aliases: [],
      receivedAt,
    });
    if (pending.length > 0) await this.advance(receivedAt);
  }

  /** Lets time pass, and advances the user at every deadline. */
  async passUntil(end: number): Promise<void> {
    for (let wakeAt = await this.wakeAt(); wakeAt !== null && wakeAt <= end; wakeAt = await this.wakeAt())
      await this.advance(wakeAt);
  }

  /** Advances the user to an instant, under these definitions or others. */
  async advance(now: number, definitions = this.definitions): Promise<void> {
    const { pool } = this.database;
    const onAsked = (since: Readonly<Record<string, number>>, at: number): Promise<void> =>
      noteLookBack(pool, since, at);
    const decider = { pool, definitions: staticDefinitions(definitions), now: () => now, onAsked };
    const decided = await loadAndDecide(decider, this.id);
    if (!decided || !(await saveUser(pool, decided.loaded, decided.advanced, 1)))
      throw new Error(`${this.id} is not stored, or was changed meanwhile.`);
    this.onAdvanced(decided.advanced);
  }

  private async wakeAt(): Promise<number | null> {
    const { rows } = await this.database.pool.query<{ wake_at: number | null }>(
      'SELECT wake_at FROM users WHERE id = $1',
      [this.id],
    );
    return rows[0]?.wake_at ?? null;
  }
}
