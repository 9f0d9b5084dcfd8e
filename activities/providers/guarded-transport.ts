import { Readable } from 'node:stream';
import { createTransport, type SendMailOptions } from 'nodemailer';

/** A message, and the question that its bytes wait for. */
export interface GuardedMail extends SendMailOptions {
  /** Rejects when the message may not be handed over any more. */
  readonly confirm: () => Promise<void>;
  /** The address of the person. Copies may go to others. */
  readonly recipient: string;
  /** Called before the line that completes the message leaves. Until then no server has taken it. */
  readonly completes?: () => void;
}

/** A pool of SMTP connections that asks about each message once the server is ready to take it. */
export interface GuardedTransport {
  /**
   * Hands a message over.
   * @returns the id that the server gave the message; null when it tells none
   * @throws nodemailer's error
   */
  send(mail: GuardedMail): Promise<string | null>;
  close(): void;
}

/**
 * Opens the pool. A message may wait long in it: connections are few, and each command may take the server long. The pool reads a
 * message only when the server has answered DATA with 354 (RFC 5321 4.1.1.4), so that is when the question is asked for the first
 * time. The server takes responsibility at the line with the single dot (RFC 5321 6.1), so it is asked again before that line.
 * After a no the connection is closed without it, and the server has to discard what it has read.
 */
export function guardedTransport(url: string, timeouts: Readonly<Record<string, number>>): GuardedTransport {
  // One requeue replaces a pooled connection that turns out to be closed. Further attempts are up to the caller.
  const transport = createTransport({ url, pool: true, maxRequeues: 1, ...timeouts });
  transport.use('stream', ({ data, message }, done) => {
    message.processFunc((bytes) => Readable.from(guarded(bytes, data as GuardedMail), { objectMode: false }));
    done();
  });
  return {
    async send(mail) {
      const { serverMessageId, rejectedErrors = [] } = await transport.sendMail(mail);
      // A server may take the mail for a copy and refuse the person. Then it has not been sent to the person.
      const refused = rejectedErrors.find(({ recipient }) => recipient === mail.recipient);
      if (refused) throw refused;
      return serverMessageId ?? null;
    },
    close: () => transport.close(),
  };
}

async function* guarded(bytes: Readable, { confirm, completes }: GuardedMail): AsyncGenerator<Buffer> {
  await confirm();
  for await (const chunk of bytes) yield chunk as Buffer;
  await confirm();
  completes?.();
}
