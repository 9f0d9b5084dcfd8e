import { startFake, type FakeService } from './service';

/** A key that may send. */
export const SENDGRID_KEY = 'SG.key';

/**
 * Starts a SendGrid that speaks version 3 of its mail API
 * (https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send).
 */
export function startSendGrid(): Promise<FakeService> {
  return startFake(({ method, path, headers, body }) => {
    if (method !== 'POST' || path !== '/v3/mail/send') return { status: 404 };
    if (headers.authorization !== `Bearer ${SENDGRID_KEY}`)
      return error(401, 'The provided authorization grant is invalid, expired, or revoked', null);
    const mail = JSON.parse(body) as SendGridMail;
    const everybody = mail.personalizations.flatMap(({ to, cc = [] }) => [...to, ...cc].map(({ email }) => email));
    if (new Set(everybody).size < everybody.length)
      return error(400, 'Each email address in the personalization block should be unique', 'personalizations');
    if (everybody.some((email) => !/^\S+@\S+\.\S+$/.test(email)))
      return error(400, 'Does not contain a valid address.', 'personalizations.0.to.0.email');
    if (mail.content[0]?.type !== 'text/plain')
      return error(400, 'If present, text/plain and text/html may only be provided once, text/plain first', 'content');
    if (mail.content.some(({ value }) => value.length < 1))
      return error(400, 'The content value must be a string at least one character in length.', 'content.0.value');
    return { status: 202, headers: { 'X-Message-Id': 'jFbkbUJuTPuzMkbaKWmtMA' } };
  });
}

interface SendGridMail {
  readonly personalizations: readonly { readonly to: readonly Mailbox[]; readonly cc?: readonly Mailbox[] }[];
  readonly content: readonly { readonly type: string; readonly value: string }[];
}
interface Mailbox {
  readonly email: string;
}

function error(status: number, message: string, field: string | null): { status: number; body: object } {
  return { status, body: { errors: [{ message, field, help: null }] } };
}
