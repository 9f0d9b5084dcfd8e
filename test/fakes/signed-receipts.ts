import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { SignedRequest } from './signed-request';
import { snsRequest, TOPIC } from './sns';

const secret = (text: string): string => `whsec_${Buffer.from(text).toString('base64')}`;
const POSTMARK_PASSWORD = 'a password for webhooks';
const RESEND_SECRET = secret('a secret of the webhooks of Resend');
const sendGridKeys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

/** The variables by which the API knows the providers of emails. */
export const EMAIL_SECRETS = {
  POSTMARK_WEBHOOK_PASSWORD: POSTMARK_PASSWORD,
  SENDGRID_WEBHOOK_KEY: sendGridKeys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  RESEND_WEBHOOK_SECRET: RESEND_SECRET,
  SES_TOPIC_ARN: TOPIC,
};

/** A request of Postmark, which signs nothing but knows a password. */
export function postmarkRequest(body: string, password = POSTMARK_PASSWORD): SignedRequest {
  const authorization = `Basic ${Buffer.from(`sojourn:${password}`).toString('base64')}`;
  return { headers: { 'content-type': 'application/json', authorization }, body: Buffer.from(body) };
}

/** A request of SendGrid's signed event webhook. */
export function sendGridRequest(body: string, key: KeyObject = sendGridKeys.privateKey): SignedRequest {
  const bytes = Buffer.from(body);
  const at = '1700000000';
  return {
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.concat([Buffer.from(at), bytes]), key).toString(
        'base64',
      ),
      'x-twilio-email-event-webhook-timestamp': at,
    },
    body: bytes,
  };
}

/** How a request is signed by Standard Webhooks. */
interface Signing {
  readonly secret: string;
  /** Of the headers: `svix` at Resend. */
  readonly prefix?: string;
  readonly at?: Date;
}

/** A request that is signed by Standard Webhooks. */
export function standardRequest(body: string, signing: Signing): SignedRequest {
  const { secret: key, prefix = 'webhook', at = new Date() } = signing;
  return {
    headers: {
      'content-type': 'application/json',
      [`${prefix}-id`]: 'msg_1',
      [`${prefix}-timestamp`]: String(Math.floor(at.getTime() / 1_000)),
      [`${prefix}-signature`]: new Webhook(key).sign('msg_1', at, body),
    },
    body: Buffer.from(body),
  };
}

/** A request of Resend, signed by Standard Webhooks under the names of Svix. */
export function resendRequest(body: string, { key = RESEND_SECRET, at = new Date() } = {}): SignedRequest {
  return standardRequest(body, { secret: key, prefix: 'svix', at });
}

/** A request of Amazon SNS with an event of SES. */
export function sesRequest(body: string, key?: KeyObject): SignedRequest {
  return snsRequest({ Message: body }, 'Notification', key);
}

/** A request that shows a token of ours, as an Event Stream of OneSignal and Currents of Braze do. */
export function bearerRequest(body: string, token: string): SignedRequest {
  return { headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: Buffer.from(body) };
}
