import type { Database } from '../../../store/database';
import type { ReceivedMail, TestSmtp } from '../../support/smtp';

/** Compares the mails at the SMTP server with the rows of sent messages. Each list should be empty. */
export interface Account {
  /** Message-IDs that are recorded as sent, but never arrived. */
  readonly lost: readonly string[];
  /** Message-IDs that arrived, but are not recorded. */
  readonly unrecorded: readonly string[];
  /** Message-IDs that arrived more often than they were attempted. */
  readonly unexplained: readonly string[];
  /** Mails that arrived at the same address under two Message-IDs: subject and address. */
  readonly disguised: readonly string[];
}

export interface Counts {
  readonly messages: number;
  readonly mails: number;
  readonly duplicates: number;
  readonly attempts: number;
}

/** Compares the mails with the rows. Call it when no work is in progress. */
export async function takeStock(
  { pool }: Database,
  { messages: mails }: Pick<TestSmtp, 'messages'>,
): Promise<Account & { readonly counts: Counts }> {
  const { rows } = await pool.query<{ id: string; attempts: number; status: string }>(
    `SELECT id, attempts, status FROM messages WHERE channel = 'email' AND status IN ('sent', 'cancelled')`,
  );
  const arrivals = grouped(mails, ({ messageId }) => messageId);
  const sent = rows.filter(({ status }) => status === 'sent').map(({ id }) => messageIdOf(id));
  // A message that was withdrawn during its delivery may have arrived.
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

/** Prints one line of counts to the log of the test run. */
export function report(scenario: string, figures: Readonly<Record<string, number | string>>): void {
  const list = Object.entries(figures).map(([name, figure]) => `${figure} ${name}`);
  process.stdout.write(`chaos: ${scenario}: ${list.join(', ')}\n`);
}
