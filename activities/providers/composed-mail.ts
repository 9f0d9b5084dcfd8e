import type { SendMailOptions } from 'nodemailer';
import type { OutgoingEmail } from './email-api';
import { fromOf, headersOf, messageIdOf, type Sender } from './email-headers';

/** An email as nodemailer composes it. It reads no file and fetches nothing. */
export function mailOf(message: OutgoingEmail, sender: Sender): SendMailOptions {
  const { to, content } = message;
  const { subject, html, text, cc, replyTo, attachments } = content;
  return {
    ...{ subject, html, text, disableFileAccess: true, disableUrlAccess: true },
    from: fromOf(message, sender),
    to: { name: '', address: to },
    messageId: messageIdOf(message, sender),
    headers: headersOf(message),
    ...(cc && { cc: [...cc] }),
    ...(replyTo && { replyTo: [...replyTo] }),
    ...(attachments && {
      attachments: attachments.map(({ filename, contentType, base64 }) => ({
        ...{ filename, contentType, content: base64, encoding: 'base64' },
      })),
    }),
  };
}
