import { MESSAGE_REFERENCE } from '../../config/message-reference';
import type { EmailContent } from '../templates/content';
import { detailOf, membersOf } from './api-answer';
import { emailApi, idIn, refusal, type OutgoingEmail } from './email-api';
import { fromOf, headersOf, messageIdOf, type Sender } from './email-headers';
import type { Provider } from './provider';

/** Options of Postmark. */
export interface PostmarkOptions extends Sender {
  /** The token of the server, not of the account. */
  readonly token: string;
  /** The message stream of messages that are not transactional. Default: `outbound`. */
  readonly stream?: string;
  /** The message stream of transactional messages. Default: `outbound`. */
  readonly transactionalStream?: string;
  /** Default: Postmark's own host. */
  readonly url?: string;
  /** Its name in metrics and the timeline. Default: `postmark`. */
  readonly name?: string;
  /** Real milliseconds for one request. Default: 30 seconds. */
  readonly timeoutMs?: number;
}

/** The address has bounced or complained, or was suppressed by hand. */
const INACTIVE_RECIPIENT = 406;
/**
 * Error codes that say of the message that it will never be taken: an invalid address or field, JSON that does not fit, a type of
 * attachment that is forbidden. All others are about the account, the sender or the moment.
 */
const REFUSED: readonly unknown[] = [300, 402, 403, 409, 411];

/**
 * Postmark as a provider of emails, by its email API (https://postmarkapp.com/developer/api/email-api). It knows no idempotency key,
 * so it gets our own Message-ID and keeps it. Receipts carry our message id in `Metadata`.
 */
export function postmark(options: PostmarkOptions): Provider<EmailContent> {
  const { token, url = 'https://api.postmarkapp.com', timeoutMs } = options;
  return emailApi({
    name: options.name ?? 'postmark',
    ...(timeoutMs !== undefined && { timeoutMs }),
    request: (message) => ({
      url: `${url}/email`,
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-Postmark-Server-Token': token },
      body: JSON.stringify(bodyOf(message, options)),
    }),
    outcome(answer, { to }) {
      const { ErrorCode: code, MessageID: providerId } = membersOf(answer.text);
      if (answer.status === 200 && code === 0) return { outcome: 'sent', providerId: idIn(providerId) };
      if (answer.status === 413) return refusal(answer);
      if (answer.status !== 422) return null;
      if (code === INACTIVE_RECIPIENT) return refusal(answer, to);
      if (REFUSED.includes(code)) return refusal(answer);
      return { outcome: 'retry', code: `postmark 422 ${Number(code)}`, detail: detailOf(answer) };
    },
  });
}

function bodyOf(message: OutgoingEmail, options: PostmarkOptions): object {
  const { stream, transactionalStream } = options;
  const { id, to, journey, transactional, content } = message;
  const messageStream = transactional ? transactionalStream : stream;
  const headers = { 'Message-ID': messageIdOf(message, options), 'X-PM-KeepID': 'true', ...headersOf(message) };
  return {
    From: fromOf(message, options),
    To: to,
    Cc: content.cc?.join(', '),
    ReplyTo: content.replyTo?.join(', '),
    Subject: content.subject,
    HtmlBody: content.html,
    TextBody: content.text,
    Tag: journey,
    Metadata: { [MESSAGE_REFERENCE]: id },
    MessageStream: messageStream,
    Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
    Attachments: content.attachments?.map(({ filename, contentType, base64 }) => ({
      ...{ Name: filename, Content: base64, ContentType: contentType },
    })),
  };
}
