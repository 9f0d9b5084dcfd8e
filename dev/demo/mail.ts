import { z } from 'zod';

/** A mail in the mailbox. */
export type Mail = z.infer<typeof mail>;

const mail = z.object({
  messageId: z.string().optional(),
  subject: z.string(),
  html: z.string(),
});
const mails = z.array(mail);

const UNSUBSCRIBE = /href="([^"]+\/u\/[^"]+)"/;

/** Reads the mailbox of all people through the REST API of maildev. */
export class MailReader {
  private readonly read = new Map<string, number>();

  constructor(private readonly pageUrl: string) {}

  /** Returns the mails to an address that have arrived since the last call. */
  async newMails(address: string): Promise<Mail[]> {
    const seen = this.read.get(address) ?? 0;
    const found = await this.fetchMails({ 'to.address': address, skip: String(seen) });
    this.read.set(address, seen + found.length);
    return found;
  }

  /** Returns the Message-ID of every mail in the mailbox. */
  async messageIds(): Promise<string[]> {
    return (await this.fetchMails({})).map(({ messageId = '' }) => messageId);
  }

  private async fetchMails(query: Readonly<Record<string, string>>): Promise<Mail[]> {
    const answer = await fetch(`${this.pageUrl}/email?${new URLSearchParams(query).toString()}`);
    return mails.parse(await answer.json());
  }
}

/** Returns the unsubscribe link of a mail; null for a transactional mail, which has none. */
export function unsubscribeLink({ html }: Mail): string | null {
  return UNSUBSCRIBE.exec(html)?.[1] ?? null;
}

/**
 * Follows an unsubscribe link as a person does: opens the page and presses its button.
 * @throws {Error} when the API answers with an error
 */
export async function unsubscribe(link: string): Promise<void> {
  for (const method of ['GET', 'POST']) {
    const { ok, status } = await fetch(link, { method });
    if (!ok) throw new Error(`${method} of an unsubscribe link failed: expected status 200, got ${status}`);
  }
}
