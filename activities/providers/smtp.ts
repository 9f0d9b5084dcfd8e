import type { NodemailerError } from 'nodemailer';
import type { EmailContent } from '../templates/content';
import { mailOf } from './composed-mail';
import type { Sender } from './email-headers';
import { guardedTransport } from './guarded-transport';
import type { Provider } from './provider';
import { smtpFailure } from './smtp-failure';

/** Options of a mail server. */
export interface SmtpOptions extends Sender {
  readonly url: string;
  /** Default: `smtp`. */
  readonly name?: string;
}

/** Real milliseconds. Accepting a message may take a server long (RFC 5321 4.5.3.2); connecting and greeting may not. */
const TIMEOUTS = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 30_000 } as const;

/**
 * A mail server as the provider of the email channel: SMTP (RFC 5321) with pooled connections. The Message-ID is made of the message's
 * id, so that a server or mail program can drop a duplicate. Messages support one-click unsubscribe (RFC 8058). An aborted attempt
 * closes its connection.
 */
export function smtp({ url, name = 'smtp', ...sender }: SmtpOptions): Provider<EmailContent> {
  const transport = guardedTransport(url, TIMEOUTS);
  return {
    name,
    async send(message, signal) {
      const handed = { isComplete: false };
      try {
        const providerId = await transport.send({
          ...mailOf(message, sender),
          recipient: message.to,
          signal,
          confirm: () => message.confirm(),
          completes: () => (handed.isComplete = true),
        });
        return { delivery: { outcome: 'sent', providerId }, mayBeTaken: true };
      } catch (error) {
        const { responseCode, command } = error as NodemailerError;
        const isOfMessage = responseCode !== undefined && (command === 'RCPT TO' || command === 'DATA');
        const mayBeTaken = handed.isComplete && responseCode === undefined;
        return { delivery: smtpFailure(error, message.to), mayBeTaken, isOfMessage };
      }
    },
    async close() {
      transport.close();
    },
  };
}
