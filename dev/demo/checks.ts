import type { Pool } from 'pg';
import type { MailReader } from './mail';

/** A condition that must hold when the demo has ended. */
export interface Check {
  readonly what: string;
  readonly holds: boolean;
}

/**
 * Whether all work is done: no event is pending, no deadline has passed, and no message is being delivered.
 * @param now epoch milliseconds of the journey clock
 */
export async function isIdle(pool: Pool, now: number): Promise<boolean> {
  const { rows } = await pool.query<{ open: number }>(
    `SELECT (SELECT count(*) FROM events WHERE pending) + (SELECT count(*) FROM users WHERE wake_at <= $1)
       + (SELECT count(*) FROM messages WHERE status IN ('queued', 'sending', 'retrying')) AS open`,
    [now],
  );
  return rows[0]?.open === 0;
}

/**
 * Compares the events sent to the API with those stored, and the messages sent with the mails in the mailbox.
 * @param eventsSent the number of events sent to the API
 */
export async function check(pool: Pool, mail: Pick<MailReader, 'messageIds'>, eventsSent: number): Promise<Check[]> {
  const { rows } = await pool.query<{ events: number; failed: number; mails: string[] }>(
    `SELECT (SELECT count(*) FROM events WHERE type IN ('track', 'page', 'identify')) AS events,
       (SELECT count(*) FROM runs WHERE status = 'failed') AS failed,
       ARRAY(SELECT id::text FROM messages WHERE channel = 'email' AND status = 'sent') AS mails`,
  );
  const { events = 0, failed = 0, mails = [] } = rows[0] ?? {};
  const arrived = (await mail.messageIds()).map((id) => id.split('@')[0]);
  const distinct = new Set(arrived);
  const missing = mails.filter((id) => !distinct.has(id)).length;
  const duplicates = arrived.length - distinct.size;
  return [
    { what: `${eventsSent} events sent, ${events} stored`, holds: eventsSent === events },
    {
      what: `${mails.length} mails sent, ${arrived.length} in the mailbox: ${missing} missing, ${duplicates} duplicates`,
      holds: missing === 0 && arrived.length === mails.length,
    },
    { what: `${failed} runs parked by an error in a journey`, holds: failed === 0 },
  ];
}
