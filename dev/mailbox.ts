import { join } from 'node:path';
import { startChild, untilReady } from './child';

/** A mailbox for everybody: takes any mail by SMTP, delivers none, and shows them on a web page. */
export interface Mailbox {
  readonly smtpUrl: string;
  readonly pageUrl: string;
  stop(): Promise<void>;
}

export interface MailboxOptions {
  /** Holds the mails and the log. */
  readonly folder: string;
  readonly smtpPort: number;
  readonly pagePort: number;
}

/** What it says once its ports are its own; whether anybody answers there would not tell. */
const READY = ['webapp running', 'SMTP Server running'];

/**
 * Starts maildev on 127.0.0.1, with the mails of last time.
 * @throws {Error} with the end of its log when it can't start
 */
export async function startMailbox({ folder, smtpPort, pagePort }: MailboxOptions): Promise<Mailbox> {
  const ports = ['--smtp', String(smtpPort), '--web', String(pagePort), '--ip', '127.0.0.1'];
  const args = [require.resolve('maildev/bin/maildev'), ...ports, '--mail-directory', join(folder, 'mails')];
  const child = startChild({ command: process.execPath, args, logFile: join(folder, 'mailbox.log') });
  await untilReady(child, 'the mailbox is ready', () => READY.every((line) => child.said().includes(line)));
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    pageUrl: `http://localhost:${pagePort}`,
    // Asked politely it would wait for the pages people have open; a mail it has taken is written.
    stop: () => child.stop('SIGKILL'),
  };
}
