import addressparser from 'nodemailer/lib/addressparser';
import { MESSAGE_REFERENCE } from '../../config/message-reference';
import type { EmailContent } from '../templates/content';
import { pauseIn } from './api-answer';
import { emailApi, idIn, refusal, type OutgoingEmail } from './email-api';
import { fromOf, headersOf, messageIdOf, type Sender } from './email-headers';
import type { Provider } from './provider';

/** Options of SendGrid. */
export interface SendGridOptions extends Sender {
  readonly apiKey: string;
  /** Default: SendGrid's own host; `https://api.eu.sendgrid.com` for a subuser in the European region. */
  readonly url?: string;
  /** Its name in metrics and the timeline. Default: `sendgrid`. */
  readonly name?: string;
  /** Real milliseconds for one request. Default: 30 seconds. */
  readonly timeoutMs?: number;
}

/**
 * SendGrid as a provider of emails, by version 3 of its API
 * (https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send). It knows no idempotency key. Addresses that it suppresses
 * are taken and reported as dropped by the event webhook.
 */
export function sendGrid(options: SendGridOptions): Provider<EmailContent> {
  const { apiKey, url = 'https://api.sendgrid.com', timeoutMs } = options;
  return emailApi({
    name: options.name ?? 'sendgrid',
    ...(timeoutMs !== undefined && { timeoutMs }),
    request: (message) => ({
      url: `${url}/v3/mail/send`,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(bodyOf(message, options)),
    }),
    outcome(answer) {
      if (answer.status === 202) return { outcome: 'sent', providerId: idIn(answer.headers['x-message-id']) };
      // 401 and 403 are about the key and the sender, 400 and 413 about the message.
      return answer.status === 400 || answer.status === 413 ? refusal(answer) : null;
    },
    pauseMs(answer, now) {
      // SendGrid says when the limit ends, in epoch seconds, rather than for how long to wait.
      const resetMs = Number(answer.headers['x-ratelimit-reset'] ?? NaN) * 1_000 - now;
      return pauseIn(answer, now) || (answer.status === 429 && resetMs > 0 ? resetMs : 0);
    },
  });
}

function bodyOf(message: OutgoingEmail, sender: Sender): object {
  const { id, to, journey, content } = message;
  // SendGrid refuses an address that stands twice.
  const cc = content.cc?.map(mailbox).filter(({ email }) => email.toLowerCase() !== to.toLowerCase());
  return {
    personalizations: [{ to: [{ email: to }], ...(cc && cc.length > 0 && { cc }) }],
    from: mailbox(fromOf(message, sender)),
    reply_to_list: content.replyTo?.map(mailbox),
    subject: content.subject,
    // The plain text must come first. An empty part would be refused.
    content: [
      { type: 'text/plain', value: content.text },
      { type: 'text/html', value: content.html },
    ].filter(({ value }) => value !== ''),
    headers: { 'Message-ID': messageIdOf(message, sender), ...headersOf(message) },
    custom_args: { [MESSAGE_REFERENCE]: id },
    categories: [journey],
    attachments: content.attachments?.map(({ filename, contentType, base64 }) => ({
      ...{ filename, type: contentType, content: base64, disposition: 'attachment' },
    })),
  };
}

function mailbox(text: string): { readonly email: string; readonly name?: string } {
  const [{ address, name } = { address: text, name: '' }] = addressparser(text, { flatten: true });
  return { email: address, ...(name !== '' && { name }) };
}
