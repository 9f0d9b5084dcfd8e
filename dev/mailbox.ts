import { join } from 'node:path';
import { startChild, untilReady } from './child';
import { resolveHere } from './resolve-here';

/** A mailbox for development. It accepts any mail by SMTP, delivers none, and shows them on a web page. */
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

/** The log lines of maildev when it has bound its ports. A connection test could reach another program on the same port. */
const READY = ['webapp running', 'SMTP Server running'];

/**
 * Starts maildev on 127.0.0.1, with the mails of earlier starts in the same folder.
 * @throws {Error} with the end of its log, when it cannot start
 */
export async function startMailbox({ folder, smtpPort, pagePort }: MailboxOptions): Promise<Mailbox> {
  const ports = ['--smtp', String(smtpPort), '--web', String(pagePort), '--ip', '127.0.0.1'];
  const program = resolveHere('maildev/bin/maildev', 'maildev', 'SMTP_URL and MAIL_FROM');
  const args = [program, ...ports, '--mail-directory', join(folder, 'mails')];
  const child = startChild({ command: process.execPath, args, logFile: join(folder, 'mailbox.log') });
  await untilReady(child, 'the mailbox is ready', () => READY.every((line) => child.output().includes(line)));
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    pageUrl: `http://localhost:${pagePort}`,
    // On SIGTERM maildev waits until all its pages are closed. SIGKILL is safe, because accepted mails are already on disk.
    stop: () => child.stop('SIGKILL'),
  };
}
