import { createTransport } from 'nodemailer';
import type { Provider } from './provider';
import { smtpFailure } from './smtp-failure';

/** Options of the mailbox. */
export interface MailboxOptions {
  /** The mail server of this machine. */
  readonly url: string;
  readonly channel: string;
  /** Default: `mailbox`. */
  readonly name?: string;
}

/** The address that the mails are from: nobody can answer. */
const FROM = 'sojourn@localhost';

/**
 * Shows what a channel would send, as a mail in the mailbox of this machine, so that all channels can be tried without an account
 * anywhere. It never reaches a person.
 */
export function mailbox({ url, channel, name = 'mailbox' }: MailboxOptions): Provider<object> {
  const transport = createTransport({ url });
  return {
    name,
    async send(message) {
      const { to, content, journey, step } = message;
      await message.confirm();
      try {
        const { messageId } = await transport.sendMail({
          from: FROM,
          to: `${channel}@localhost`,
          subject: `${channel} to ${to}`,
          text: `${textOf(content)}\n\n${journey}, step '${step}'. No provider of this channel is set up, so this mail shows its message.\n`,
        });
        return { delivery: { outcome: 'sent', providerId: messageId }, mayBeTaken: true };
      } catch (error) {
        return { delivery: smtpFailure(error, to), mayBeTaken: false };
      }
    },
    async close() {
      transport.close();
    },
  };
}

/** The fields of a content, one after another. */
function textOf(content: object): string {
  return Object.entries(content)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}`)
    .join('\n');
}
