import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { postmarkRequest, resendRequest, sendGridRequest, sesRequest } from '../../fakes/signed-receipts';
import { signedText } from '../../fakes/sns';
import { moment, mostly } from '../../support/hostile-values';
import { RECEIPTS_SECRET } from '../server';
import { at, bytes, messageOf, ofJson, one, seconds, some, words } from './sender';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const curve = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

/** What Postmark reports. */
export const postmark = ofJson(
  'postmark',
  ({ message }) => ({ RecordType: 'Delivery', Metadata: { sojourn_message_id: message }, DeliveredAt: at() }),
  (known) =>
    some({
      RecordType: one('Delivery', 'Open', 'Click', 'Bounce', 'SpamComplaint', 'SubscriptionChange'),
      Metadata: mostly(some({ sojourn_message_id: messageOf(known) })),
      Type: one('HardBounce', 'SoftBounce', 'Unsubscribe', 'AutoResponder', 'constructor'),
      ...{ Email: words, Recipient: words, Description: words, Details: words, OriginalLink: words },
      ...{ Inactive: mostly(fc.boolean()), SuppressSending: mostly(fc.boolean()) },
      ...{ BouncedAt: mostly(moment), DeliveredAt: words, ReceivedAt: words, ChangedAt: words },
      ...{ SuppressionReason: one('ManualSuppression', null), Origin: one('Recipient', 'Admin') },
    }),
  postmarkRequest,
  { signed: null, wrongKey: (body) => postmarkRequest(body, 'another password') },
);

/** What SendGrid reports. */
export const sendgrid = ofJson(
  'sendgrid',
  ({ message }) => [{ event: 'delivered', sojourn_message_id: message, timestamp: Date.now() / 1_000 }],
  (known) =>
    fc.array(
      some({
        event: one('delivered', 'open', 'click', 'bounce', 'dropped', 'spamreport', 'unsubscribe', 'toString'),
        sojourn_message_id: messageOf(known),
        ...{ timestamp: seconds, email: words, reason: words, url: words },
        ...{ type: one('bounce', 'blocked'), sg_machine_open: mostly(fc.boolean()) },
      }),
      { maxLength: 3 },
    ),
  sendGridRequest,
  { signed: bytes, wrongKey: (body) => sendGridRequest(body, curve.privateKey) },
);

/** What Resend reports. */
export const resend = ofJson(
  'resend',
  ({ message }) => ({
    type: 'email.delivered',
    created_at: at(),
    data: { tags: { sojourn_message_id: message } },
  }),
  (known) => {
    const tags = mostly(
      fc.oneof(
        some({ sojourn_message_id: messageOf(known) }),
        fc.array(some({ name: fc.constant('sojourn_message_id'), value: messageOf(known) }), { maxLength: 2 }),
      ),
    );
    const said = mostly(some({ type: one('Permanent', 'Transient'), message: words, reason: words, link: words }));
    return some({
      type: one(
        ...['delivered', 'opened', 'clicked', 'bounced', 'complained', 'failed'].map((what) => `email.${what}`),
      ),
      created_at: mostly(moment),
      data: mostly(
        some({ tags, to: mostly(fc.array(words)), bounce: said, click: said, failed: said, suppressed: said }),
      ),
    });
  },
  (body) => resendRequest(body),
  {
    signed: bytes,
    wrongKey: (body) => resendRequest(body, { key: RECEIPTS_SECRET }),
    wrongTime: (body, when) => resendRequest(body, { at: when }),
  },
);

/** What Amazon SES reports. */
export const ses = ofJson(
  'ses',
  ({ message }) => ({
    eventType: 'Delivery',
    mail: { destination: ['ada@example.com'], tags: { sojourn_message_id: [message] } },
    delivery: { timestamp: at() },
  }),
  (known) => {
    const who = mostly(fc.array(fc.record({ emailAddress: words, diagnosticCode: words }), { maxLength: 2 }));
    const texts = { link: words, reason: words, errorMessage: words, userAgent: words, timestamp: mostly(moment) };
    const bounce = { bounceType: one('Permanent', 'Transient'), bouncedRecipients: who, complainedRecipients: who };
    const tags = mostly(fc.record({ sojourn_message_id: mostly(fc.array(messageOf(known), { maxLength: 2 })) }));
    const mail = mostly(fc.record({ destination: mostly(fc.array(words, { maxLength: 2 })), tags }));
    const kind = fc.constantFrom('Delivery', 'Open', 'Click', 'Bounce', 'Complaint', 'Reject', 'Subscription');
    return fc
      .record({ kind, mail, said: mostly(fc.record({ ...texts, ...bounce })) })
      .map(({ kind: eventType, said, ...rest }) => ({ eventType, [eventType.toLowerCase()]: said, ...rest }));
  },
  (body) => sesRequest(body),
  {
    signed: ({ body }) => {
      try {
        const message = JSON.parse(body.toString()) as Readonly<Record<string, unknown>>;
        const signature = Buffer.from(String(message['Signature']), 'base64').toString('base64');
        return `${signedText(message)}${signature}${String(message['SigningCertURL'])}`;
      } catch {
        return body.toString('latin1');
      }
    },
    wrongKey: (body) => sesRequest(body, rsa.privateKey),
  },
);
