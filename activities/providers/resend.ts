import { MESSAGE_REFERENCE } from '../../config/message-reference';
import type { EmailContent } from '../templates/content';
import { membersOf } from './api-answer';
import { emailApi, idIn, refusal, type OutgoingEmail } from './email-api';
import { fromOf, headersOf, messageIdOf, type Sender } from './email-headers';
import type { Provider } from './provider';

/** Options of Resend. */
export interface ResendOptions extends Sender {
  readonly apiKey: string;
  /** Default: Resend's own host. */
  readonly url?: string;
  /** Its name in metrics and the timeline. Default: `resend`. */
  readonly name?: string;
  /** Real milliseconds for one request. Default: 30 seconds. */
  readonly timeoutMs?: number;
}

/** Resend took an earlier attempt under the same key. This one differs, because a trait or an answer changed in between. */
const TAKEN_BEFORE = 'invalid_idempotent_request';

/**
 * Resend as a provider of emails (https://resend.com/docs/api-reference/emails/send-email). Our message id is the idempotency key,
 * which Resend keeps for 24 hours, so a repeated attempt gets the answer of the first and sends nothing.
 */
export function resend(options: ResendOptions): Provider<EmailContent> {
  const { apiKey, url = 'https://api.resend.com', timeoutMs } = options;
  return emailApi({
    name: options.name ?? 'resend',
    ...(timeoutMs !== undefined && { timeoutMs }),
    request: (message) => ({
      url: `${url}/emails`,
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${apiKey}`,
        'Idempotency-Key': message.id,
        // Resend refuses requests without one.
        'User-Agent': 'sojourn',
      },
      body: JSON.stringify(bodyOf(message, options)),
    }),
    outcome(answer) {
      const { id, name } = membersOf(answer.text);
      if (answer.status === 200) return { outcome: 'sent', providerId: idIn(id) };
      if (answer.status === 409 && name === TAKEN_BEFORE) return { outcome: 'sent', providerId: null };
      // 401 and 403 are about the key and the domain, 409 about an attempt that is still under way.
      return [400, 413, 422].includes(answer.status) ? refusal(answer) : null;
    },
  });
}

function bodyOf(message: OutgoingEmail, sender: Sender): object {
  const { id, to, content } = message;
  return {
    from: fromOf(message, sender),
    to: [to],
    cc: content.cc,
    reply_to: content.replyTo,
    subject: content.subject,
    html: content.html,
    text: content.text,
    headers: { 'Message-ID': messageIdOf(message, sender), ...headersOf(message) },
    tags: [{ name: MESSAGE_REFERENCE, value: id }],
    attachments: content.attachments?.map(({ filename, contentType, base64 }) => ({
      ...{ filename, content: base64, content_type: contentType },
    })),
  };
}
