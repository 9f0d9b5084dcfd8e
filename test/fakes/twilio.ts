import { createHmac, randomBytes } from 'node:crypto';
import { startFake, type FakeService, type Received, type Reply } from './service';

/** The account of the fake. */
export const TWILIO_ACCOUNT = {
  accountSid: `AC${'0'.repeat(31)}1`,
  authToken: 'the auth token of the fake',
} as const;

/** A message or a call that the fake has taken. */
export interface Taken {
  readonly sid: string;
  readonly kind: 'message' | 'call';
  /** The fields of the form. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A request of Twilio's to an app. */
export interface TwilioHook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A stand-in for Twilio's API, version 2010-04-01. */
export interface FakeTwilio extends FakeService {
  readonly taken: readonly Taken[];
}

/** An error as Twilio answers it. `message` is for people. */
export function twilioError(status: number, code: number, message = 'an error'): Reply {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}

/** Starts the fake. It takes all messages and calls of its account. */
export async function startFakeTwilio(): Promise<FakeTwilio> {
  const taken: Taken[] = [];
  const service = await startFake(({ method, path, headers, body }: Received): Reply => {
    const { accountSid, authToken } = TWILIO_ACCOUNT;
    const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    if (headers.authorization !== expected) return twilioError(401, 20003, 'Authenticate');
    const [, kind] = new RegExp(`^/2010-04-01/Accounts/${accountSid}/(Messages|Calls)\\.json$`).exec(path) ?? [];
    if (method !== 'POST' || kind === undefined) return twilioError(404, 20404, `The resource ${path} was not found`);
    if (headers['content-type'] !== 'application/x-www-form-urlencoded') return twilioError(400, 20001);
    const fields = Object.fromEntries(new URLSearchParams(body));
    const { To: to = '', From: from = null } = fields;
    if (!/^(?:whatsapp:)?\+[1-9]\d{6,14}$/.test(to)) return twilioError(400, 21211, `Invalid 'To' Phone Number: ${to}`);
    const one: Taken = {
      sid: `${kind === 'Calls' ? 'CA' : 'SM'}${randomBytes(16).toString('hex')}`,
      kind: kind === 'Calls' ? 'call' : 'message',
      fields,
    };
    taken.push(one);
    const common = { sid: one.sid, account_sid: accountSid, to, from, status: 'queued', direction: 'outbound-api' };
    const own = one.kind === 'call' ? {} : { body: fields['Body'] ?? '', num_segments: '1', error_code: null };
    return { status: 201, body: { ...own, ...common, api_version: '2010-04-01', date_created: null } };
  });
  return { ...service, taken };
}

/** A request as Twilio makes it to an address of an app, with its signature (twilio.com/docs/usage/security). */
export function twilioHook(
  url: string,
  fields: Readonly<Record<string, string>>,
  authToken: string = TWILIO_ACCOUNT.authToken,
): TwilioHook {
  const signed = Object.keys(fields)
    .sort()
    .reduce((text, name) => `${text}${name}${fields[name] ?? ''}`, url);
  return {
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-twilio-signature': createHmac('sha1', authToken).update(signed).digest('base64'),
      'i-twilio-idempotency-token': randomBytes(16).toString('hex'),
    },
    body: new URLSearchParams(fields).toString(),
  };
}

/** What Twilio reports of a message: `delivered`, `undelivered`, `failed`, `read` and others. */
export function messageStatus(
  { sid, fields }: Taken,
  status: string,
  errorCode?: number,
): Readonly<Record<string, string>> {
  return {
    AccountSid: TWILIO_ACCOUNT.accountSid,
    ApiVersion: '2010-04-01',
    From: fields['From'] ?? '+15550006666',
    To: fields['To'] ?? '',
    MessageSid: sid,
    SmsSid: sid,
    MessageStatus: status,
    SmsStatus: status,
    ...(errorCode !== undefined && { ErrorCode: String(errorCode) }),
  };
}

/** What Twilio reports of a call: `completed`, `busy`, `no-answer`, `failed`, `canceled`. */
export function callStatus({ sid, fields }: Taken, status: string): Readonly<Record<string, string>> {
  return {
    AccountSid: TWILIO_ACCOUNT.accountSid,
    ApiVersion: '2010-04-01',
    CallSid: sid,
    CallStatus: status,
    Direction: 'outbound-api',
    From: fields['From'] ?? '',
    To: fields['To'] ?? '',
    Timestamp: 'Mon, 30 Nov 2026 12:00:00 +0000',
    SequenceNumber: '0',
    ...(status === 'completed' && { CallDuration: '12' }),
  };
}

/** A message of a person to a sender of the account. `optOut` is what Twilio's Advanced Opt-Out takes it for. */
export function inboundMessage({
  from,
  to,
  text,
  optOut,
}: {
  from: string;
  to: string;
  text: string;
  optOut?: 'STOP' | 'START' | 'HELP';
}): Readonly<Record<string, string>> {
  const sid = `SM${randomBytes(16).toString('hex')}`;
  return {
    AccountSid: TWILIO_ACCOUNT.accountSid,
    ApiVersion: '2010-04-01',
    Body: text,
    From: from,
    To: to,
    MessageSid: sid,
    SmsMessageSid: sid,
    SmsSid: sid,
    NumMedia: '0',
    NumSegments: '1',
    SmsStatus: 'received',
    ...(optOut !== undefined && { OptOutType: optOut }),
  };
}
