import type { Pool } from 'pg';
import { queueStarts } from './start-queue';

/** The channel of PostgreSQL's NOTIFY on which new rows of the start queue are announced. */
export const START_CHANNEL = 'sojourn_starts';

/**
 * Whoever acts within this time goes before users for whose wake-up nobody waits. It is longer than the last turn of a large batch, so
 * an edit and an import do not compete. Real seconds.
 */
const PATIENT_SECONDS = 86_400;

/**
 * Queues users and announces them to the workers. Announcements are combined: while one is under way, any number of calls lead to one
 * more. They are statements of their own because PostgreSQL lets only one transaction with a notification commit at a time.
 */
export class StartRequests {
  private underWay: Promise<void> | null = null;
  private again = false;

  constructor(private readonly pool: Pool) {}

  /**
   * Queues users whose lifecycle has to be started or woken.
   * @param reason what to check; null where it is only for pending events
   * @param isPatient true queues them after everybody who acts in the next day
   */
  queue(userIds: readonly string[], reason: string | null, isPatient = false): Promise<void> {
    return queueStarts(this.pool, userIds, reason, isPatient ? PATIENT_SECONDS : 0);
  }

  /** Returns at once and never throws. Workers find users without an announcement too, only later. */
  announce(): void {
    this.again = true;
    this.underWay ??= this.run().finally(() => (this.underWay = null));
  }

  /** Resolves when no announcement is under way. */
  async idle(): Promise<void> {
    await this.underWay;
  }

  private async run(): Promise<void> {
    while (this.again) {
      this.again = false;
      await this.pool
        .query({ name: 'announce-starts', text: `SELECT pg_notify('${START_CHANNEL}', '')` })
        .catch(() => undefined);
    }
  }
}
