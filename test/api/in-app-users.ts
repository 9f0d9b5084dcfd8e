import { signUserToken } from '../../config/tokens';
import { announceInApp } from '../../store/in-app-announcements';
import type { TestDatabase } from '../support/database';
import { SECRET } from './server';

/** What a test delivers. Times are epoch milliseconds. */
export interface Delivery {
  readonly step: string;
  readonly at?: number;
  /** Default: `at`. */
  readonly sentAt?: number;
  readonly expiresAt?: number;
  /** Messages of one slot are one card. */
  readonly slot?: string;
  readonly body?: string;
}

const RUN = '00000000-0000-4000-8000-000000000001';
let messages = 0;

let latest = 0;
/** The current time, later than any it has returned. Messages of one instant have no order. */
const laterInstant = (): number => (latest = Math.max(latest + 1, Date.now()));

/** A user with an app, as a worker would change them. */
export class InAppUser {
  private constructor(
    private readonly database: TestDatabase,
    readonly id: string,
    readonly token: string,
  ) {}

  /** Creates a user. */
  static async create(database: TestDatabase, id: string, ttlMs = 3_600_000): Promise<InAppUser> {
    await database.pool.query(
      'INSERT INTO users (id, created_at, last_seen_at) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING',
      [id],
    );
    return new InAppUser(database, id, await signUserToken(SECRET, id, ttlMs));
  }

  /** Stores a message as delivered. Returns its id. */
  async store({
    step,
    at = laterInstant(),
    sentAt = at,
    expiresAt = Date.now() + 3_600_000,
    slot,
    body = step,
  }: Delivery): Promise<string> {
    const id = `00000000-0000-4000-8000-${String(++messages).padStart(12, '0')}`;
    await this.database.pool.query(
      `INSERT INTO messages (id, user_id, run_id, journey, step, channel, template, status, transactional, data, decided_at, expires_at, sent_at, content, card)
       VALUES ($1, $2, $3, 'order', $4, 'inApp', 'order', 'sent', true, '{}', $5, $6, $9, $7, $8)`,
      [
        id,
        this.id,
        RUN,
        step,
        at,
        expiresAt,
        JSON.stringify({ kind: 'card', title: step, body }),
        slot === undefined ? null : JSON.stringify({ slot, key: null, turn: messages }),
        sentAt,
      ],
    );
    return id;
  }

  /** Stores a message as delivered, and announces it. */
  async deliver(delivery: Delivery): Promise<string> {
    const id = await this.store(delivery);
    this.announce();
    return id;
  }

  async setPoints(points: number): Promise<void> {
    await this.database.pool.query(
      `UPDATE users SET memory = coalesce(memory, '{}') || jsonb_build_object('points', $2::int) WHERE id = $1`,
      [this.id, points],
    );
    this.announce();
  }

  announce(): void {
    announceInApp(this.database.pool, [this.id]);
  }
}
