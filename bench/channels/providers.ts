import { Agent, request } from 'node:http';
import { emailChannel } from '../../activities/channels/email';
import type { Channel } from '../../activities/channels/channel';
import { smsChannel } from '../../activities/channels/phone';
import type { Rendering } from '../../activities/channels/rendered';
import { guarded } from '../../activities/providers/guarded';
import { sendGrid } from '../../activities/providers/sendgrid';
import { twilioSms } from '../../activities/providers/twilio';
import type { MessageReferences } from '../../store/message-references';
import type { FakeService } from '../../test/fakes/service';
import { SENDGRID_KEY, startSendGrid } from '../../test/fakes/sendgrid';
import type { SignedRequest } from '../../test/fakes/signed-request';
import { sendGridRequest } from '../../test/fakes/signed-receipts';
import { messageStatus, startFakeTwilio, TWILIO_ACCOUNT, twilioHook } from '../../test/fakes/twilio';

const FROM = 'bench@example.com';
const NUMBER = '+15550006666';

/** Idle connections close after this time, real milliseconds. A Node server closes them after 5 seconds, possibly during a request. */
const IDLE_MS = 3_000;

/** A message of the loop that is written by hand. */
export interface PlainMessage {
  readonly id: string;
  readonly email: string;
  readonly phone: string;
}

/** A provider on this machine, and how both sides use it. */
export interface BenchProvider {
  readonly channel: 'email' | 'sms';
  readonly fake: FakeService;
  /** Our channel, with the provider guarded as in production. */
  readonly ours: (rendering: Rendering, references: MessageReferences) => Channel;
  /** The request of an app that posts to the provider itself. */
  readonly plain: (message: PlainMessage) => {
    readonly path: string;
    readonly headers: Headers;
    readonly body: string;
  };
  /** What the provider reports to an address of an app when a message is delivered. */
  readonly report: (publicUrl: string, messageId: string) => SignedRequest & { readonly path: string };
}
type Headers = Readonly<Record<string, string>>;

/** The texts of both sides. */
export const TEXT = { subject: 'Your gate has changed', text: 'Your flight now leaves from gate B42.' } as const;

/** Starts SendGrid on this machine. */
export async function sendGridHere(): Promise<BenchProvider> {
  const fake = await startSendGrid();
  const options = { from: FROM, hostname: 'example.com', apiKey: SENDGRID_KEY, url: fake.url };
  return {
    channel: 'email',
    fake,
    ours: (rendering) =>
      emailChannel({ ...rendering, providers: [guarded(sendGrid(options), { channel: 'email', weight: 1 })] }),
    plain: ({ id, email }) => ({
      path: '/v3/mail/send',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${SENDGRID_KEY}` },
      body: JSON.stringify({
        personalizations: [{ to: [{ email }] }],
        from: { email: FROM },
        subject: TEXT.subject,
        content: [{ type: 'text/plain', value: TEXT.text }],
        custom_args: { sojourn_message_id: id },
      }),
    }),
    report: (_publicUrl, messageId) => {
      const event = { event: 'delivered', timestamp: Math.floor(Date.now() / 1_000), sojourn_message_id: messageId };
      return { path: '/v1/receipts/sendgrid', ...sendGridRequest(JSON.stringify([event])) };
    },
  };
}

/** Starts Twilio on this machine. */
export async function twilioHere(): Promise<BenchProvider> {
  const fake = await startFakeTwilio();
  const { accountSid, authToken } = TWILIO_ACCOUNT;
  return {
    channel: 'sms',
    fake,
    ours: (rendering, references) => {
      const twilio = twilioSms({ from: NUMBER, accountSid, authToken, url: fake.url, publicUrl: rendering.publicUrl });
      return smsChannel({ ...rendering, references, providers: [guarded(twilio, { channel: 'sms', weight: 1 })] });
    },
    plain: ({ phone }) => ({
      path: `/2010-04-01/Accounts/${accountSid}/Messages.json`,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}`,
      },
      body: new URLSearchParams({ To: phone, From: NUMBER, Body: TEXT.text }).toString(),
    }),
    report: (publicUrl, messageId) => {
      const path = `/v1/receipts/twilio?message=${messageId}`;
      const fields = messageStatus({ sid: 'SM1', kind: 'message', fields: { From: NUMBER } }, 'delivered');
      const { headers, body } = twilioHook(publicUrl + path, fields);
      return { path, headers, body: Buffer.from(body) };
    },
  };
}

/** Posts over persistent connections. @throws {Error} when the status of the response is not below 300 */
export function poster(): {
  post: (url: string, headers: Headers, body: string | Buffer) => Promise<void>;
  close(): void;
} {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  const post = (url: string, headers: Headers, body: string | Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const length = { 'Content-Length': Buffer.byteLength(body) };
      const call = request(url, { method: 'POST', agent, headers: { ...headers, ...length } }, (response) => {
        const { statusCode = 0 } = response;
        response.resume();
        response.on('end', () =>
          statusCode < 300 ? resolve() : reject(new Error(`Expected a status below 300, got ${statusCode}.`)),
        );
      });
      call.on('error', reject);
      call.end(body);
    });
  return { post, close: () => agent.destroy() };
}
