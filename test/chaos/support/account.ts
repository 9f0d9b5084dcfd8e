import type { Database } from '../../../store/database';
import type { ReceivedMail, TestSmtp } from '../../support/smtp';

/** The mails at the SMTP server held against the rows that say what was sent. Each list should be empty. */
export interface Account {
  /** Recorded as sent, but never arrived: ids. */
  readonly lost: readonly string[];
  /** Arrived, but not recorded as sent: Message-IDs. */
  readonly unrecorded: readonly string[];
  /** Arrived more often than there were attempts: Message-IDs. */
  readonly unexplained: readonly string[];
  /** The same mail to the same person under two Message-IDs. */
  readonly disguised: readonly string[];
}

export interface Counts {
  readonly messages: number;
  readonly mails: number;
  readonly duplicates: number;
  readonly attempts: number;
}

/** Takes stock once nothing is under way. */
export async function takeStock(
  { pool }: Database,
  { messages: mails }: Pick<TestSmtp, 'messages'>,
): Promise<Account & { readonly counts: Counts }> {
  const { rows } = await pool.query<{ id: string; attempts: number; status: string }>(
    `SELECT id, attempts, status FROM messages WHERE channel = 'email' AND status IN ('sent', 'cancelled')`,
  );
  const arrivals = grouped(mails, ({ messageId }) => messageId);
  const sent = rows.filter(({ status }) => status === 'sent').map(({ id }) => messageIdOf(id));
  // One withdrawn while it was on its way may have arrived.
  const attempted = new Map(rows.map(({ id, attempts }) => [messageIdOf(id), attempts]));
  const contents = grouped(mails, ({ to, subject }) => `${subject} to ${to}`);
  return {
    lost: sent.filter((id) => !arrivals.has(id)),
    unrecorded: [...arrivals.keys()].filter((id) => !attempted.has(id)),
    unexplained: [...arrivals].flatMap(([id, copies]) => (copies.length > (attempted.get(id) ?? 0) ? [id] : [])),
    disguised: [...contents].flatMap(([content, copies]) => (ids(copies).size > 1 ? [content] : [])),
    counts: {
      messages: sent.length,
      mails: mails.length,
      duplicates: mails.length - arrivals.size,
      attempts: rows.reduce((sum, { attempts }) => sum + attempts, 0),
    },
  };
}

function messageIdOf(id: string): string {
  return `<${id}@localhost>`;
}

function grouped(mails: readonly ReceivedMail[], key: (mail: ReceivedMail) => string): Map<string, ReceivedMail[]> {
  const groups = new Map<string, ReceivedMail[]>();
  for (const mail of mails) groups.set(key(mail), [...(groups.get(key(mail)) ?? []), mail]);
  return groups;
}

function ids(mails: readonly ReceivedMail[]): Set<string> {
  return new Set(mails.map(({ messageId }) => messageId));
}

/** Prints one line of counts, for whoever reads the log of a test run. */
export function report(scenario: string, figures: Readonly<Record<string, number | string>>): void {
  const list = Object.entries(figures).map(([name, figure]) => `${figure} ${name}`);
  process.stdout.write(`chaos: ${scenario}: ${list.join(', ')}\n`);
}
