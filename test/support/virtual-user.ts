import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import type { JsonObject } from '../../engine/model/json';
import type { Database } from '../../store/database';
import { ingest, type IncomingEvent } from '../../store/ingest';
import { loadAndDecide } from '../../store/state-decide';
import { saveUser } from '../../store/state-save';

/** Something a person does at a moment, epoch milliseconds. */
export interface Happening {
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly properties: JsonObject;
  readonly type?: IncomingEvent['type'];
}

/** A person in a real database who lives in virtual time: ingest, decisions and saves are those of production. */
export class VirtualUser {
  constructor(
    private readonly database: Database,
    readonly id: string,
    private readonly definitions: Definitions,
  ) {}

  /** Lives until an event comes, takes it, and decides if it matters. */
  async receive({ id, name, at, receivedAt, properties, type = 'track' }: Happening): Promise<void> {
    await this.passUntil(receivedAt - 1);
    const event = {
      userId: this.id,
      messageId: id,
      type,
      name,
      at,
      active: true,
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

  /** Lets time pass, waking at every deadline. */
  async passUntil(end: number): Promise<void> {
    for (let wakeAt = await this.wakeAt(); wakeAt !== null && wakeAt <= end; wakeAt = await this.wakeAt())
      await this.advance(wakeAt);
  }

  /** Decides what is due at a moment, under these definitions or others. */
  async advance(now: number, definitions = this.definitions): Promise<void> {
    const { pool } = this.database;
    const decided = await loadAndDecide({ pool, definitions: staticDefinitions(definitions), now: () => now }, this.id);
    if (!decided || !(await saveUser(pool, decided.loaded, decided.advanced, 1)))
      throw new Error(`${this.id} is not stored, or was changed meanwhile.`);
  }

  private async wakeAt(): Promise<number | null> {
    const { rows } = await this.database.pool.query<{ wake_at: number | null }>(
      'SELECT wake_at FROM users WHERE id = $1',
      [this.id],
    );
    return rows[0]?.wake_at ?? null;
  }
}
