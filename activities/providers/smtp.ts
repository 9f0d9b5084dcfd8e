import type { NodemailerError } from 'nodemailer';
import type { EmailContent } from '../templates/content';
import { guardedTransport } from './guarded-transport';
import type { Provider } from './provider';
import { smtpFailure } from './smtp-failure';

/** Options of a mail server. */
export interface SmtpOptions {
  readonly url: string;
  /** The sender: an address, or a name and an address. */
  readonly from: string;
  /** The host that the Message-ID names. */
  readonly hostname: string;
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
export function smtp({ url, from, hostname, name = 'smtp' }: SmtpOptions): Provider<EmailContent> {
  const transport = guardedTransport(url, TIMEOUTS);
  return {
    name,
    async send(message, signal) {
      const { id, to, content, journey, transactional, links } = message;
      const handed = { isComplete: false };
      try {
        const providerId = await transport.send({
          ...content,
          from,
          to: { name: '', address: to },
          messageId: `<${id}@${hostname}>`,
          headers: { 'X-Sojourn-Journey': journey, ...(transactional ? {} : oneClick(links.unsubscribe)) },
          signal,
          confirm: () => message.confirm(),
          completes: () => (handed.isComplete = true),
        });
        return { delivery: { outcome: 'sent', providerId }, mayBeTaken: true };
      } catch (error) {
        const { responseCode, command } = error as NodemailerError;
        const isOfMessage = responseCode !== undefined && (command === 'RCPT TO' || command === 'DATA');
        const mayBeTaken = handed.isComplete && responseCode === undefined;
        return { delivery: smtpFailure(error, to), mayBeTaken, isOfMessage };
      }
    },
    async close() {
      transport.close();
    },
  };
}

function oneClick(url: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}
