import { hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { remembered } from './gatherer';

/** The channel of PostgreSQL's NOTIFY on which users are announced whose in-app state may have changed. */
export const IN_APP_CHANNEL = 'sojourn_in_app';

/** How long an announcement waits for others. Real milliseconds. */
const GATHER_MS = 20;
/** The length of a mark. With 48 bits, users of one process hardly ever share one; if they do, it costs a superfluous read. */
const MARK_LENGTH = 8;
/** The marks in one notification, whose payload has to be shorter than 8,000 bytes. */
const MARKS_AT_MOST = 900;

/** What stands for a user in announcements, so that they contain no id. */
export function markOf(userId: string): string {
  return hash('sha256', userId, 'base64url').slice(0, MARK_LENGTH);
}

/** The marks of the users that a notification announces. */
export function marksIn(payload: string): string[] {
  return Array.from({ length: Math.floor(payload.length / MARK_LENGTH) }, (_, n) =>
    payload.slice(n * MARK_LENGTH, (n + 1) * MARK_LENGTH),
  );
}

/**
 * Announces users, each once within {@link GATHER_MS}. The statements are their own because PostgreSQL lets only one transaction with a
 * notification commit at a time.
 */
class Announcer {
  private readonly waiting = new Set<string>();
  private underWay: Promise<void> | null = null;

  constructor(private readonly pool: Pick<Pool, 'query'>) {}

  add(userIds: readonly string[]): void {
    for (const userId of userIds) this.waiting.add(markOf(userId));
    if (this.waiting.size > 0) this.underWay ??= this.run().finally(() => (this.underWay = null));
  }

  async idle(): Promise<void> {
    await this.underWay;
  }

  private async run(): Promise<void> {
    while (this.waiting.size > 0) {
      await pause(GATHER_MS);
      const marks = [...this.waiting];
      this.waiting.clear();
      const payloads: string[] = [];
      while (marks.length > 0) payloads.push(marks.splice(0, MARKS_AT_MOST).join(''));
      const text = `SELECT pg_notify('${IN_APP_CHANNEL}', payload) FROM unnest($1::text[]) AS payload`;
      // Open pages are read again from time to time, so a lost announcement is only late.
      await this.pool.query({ name: 'announce-in-app', text, values: [payloads] }).catch(() => undefined);
    }
  }
}

const announcerOf = remembered((pool: Pick<Pool, 'query'>) => new Announcer(pool));

/**
 * Announces to all API processes that something may have changed that users see in their apps. Call it after the change is committed.
 * Returns at once and never throws.
 * @param pool has to give connections without an open transaction
 */
export function announceInApp(pool: Pick<Pool, 'query'>, userIds: readonly string[]): void {
  announcerOf(pool).add(userIds);
}

/** What stands for a poll in announcements. It is announced as users are, and a superfluous read is all that comes of a mix-up. */
export function pollKey(poll: string): string {
  return `poll\n${poll}`;
}

/** Announces to all API processes that the results of a poll have changed. As {@link announceInApp}. */
export function announcePoll(pool: Pick<Pool, 'query'>, poll: string): void {
  announcerOf(pool).add([pollKey(poll)]);
}

/** Resolves when no announcement over this pool is under way. */
export async function announcedInApp(pool: Pick<Pool, 'query'>): Promise<void> {
  await announcerOf(pool).idle();
}
