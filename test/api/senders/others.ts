import fc from 'fast-check';
import { RECEIPT_KINDS } from '../../../engine/model/message-receipt';
import { bearerRequest, EMAIL_SECRETS, standardRequest } from '../../fakes/signed-receipts';
import { twilioHook } from '../../fakes/twilio';
import { moment, mostly } from '../../support/hostile-values';
import { RECEIPTS_SECRET } from '../server';
import {
  at,
  bytes,
  messageOf,
  ofJson,
  one,
  referenceOf,
  seconds,
  some,
  words,
  type Posted,
  type Sender,
} from './sender';

/** The address under which providers know the API. */
export const PUBLIC_URL = 'http://localhost:3000';
/** The tokens of those who sign nothing. */
export const TOKENS = { onesignal: 'token-of-the-stream', braze: 'token-of-currents' } as const;

/** What a channel of a team reports. */
export const standard = ofJson(
  'standard',
  ({ message }) => ({ receipts: [{ message, kind: 'delivered', at: at() }] }),
  (known) => {
    const texts = { url: words, text: words, detail: words, address: words, id: words };
    const flags = { permanent: mostly(fc.boolean()), machine: mostly(fc.boolean()) };
    const required = { message: messageOf(known), kind: one(...RECEIPT_KINDS), at: mostly(moment) };
    const receipt = fc.record({ ...required, ...flags, ...texts }, { requiredKeys: ['message', 'kind', 'at'] });
    return fc.record({ receipts: mostly(fc.array(receipt, { maxLength: 3 })) });
  },
  (body) => standardRequest(body, { secret: RECEIPTS_SECRET }),
  {
    signed: bytes,
    wrongKey: (body) => standardRequest(body, { secret: EMAIL_SECRETS.RESEND_WEBHOOK_SECRET }),
    wrongTime: (body, when) => standardRequest(body, { secret: RECEIPTS_SECRET, at: when }),
  },
);

/** What OneSignal reports. */
export const onesignal = ofJson(
  'onesignal',
  ({ reference }) => ({ kind: 'message.push.sent', message: reference, timestamp: String(Date.now()) }),
  (known) =>
    fc.record(
      {
        kind: one(...['sent', 'received', 'clicked', 'failed', 'unsubscribed'].map((what) => `message.push.${what}`)),
        message: referenceOf(known),
        timestamp: fc.oneof(seconds, words),
        url: words,
      },
      { requiredKeys: ['kind', 'message', 'timestamp'] },
    ),
  (body) => bearerRequest(body, TOKENS.onesignal),
  { signed: null, wrongKey: (body) => bearerRequest(body, TOKENS.braze) },
);

/** What Braze reports. */
export const braze = ofJson(
  'braze',
  ({ reference }) => ({
    events: [
      {
        event_type: 'users.messages.pushnotification.Send',
        time: Math.floor(Date.now() / 1_000),
        properties: { dispatch_id: reference },
      },
    ],
  }),
  (known) => {
    const properties = mostly(some({ dispatch_id: referenceOf(known), bounce_reason: words }));
    const type = one(...['Send', 'Open', 'Bounce'].map((what) => `users.messages.pushnotification.${what}`));
    const event = fc.record({ event_type: type, time: seconds, properties }, { requiredKeys: ['event_type', 'time'] });
    return fc.record({ events: mostly(fc.array(event, { maxLength: 3 })) });
  },
  (body) => bearerRequest(body, TOKENS.braze),
  { signed: null, wrongKey: (body) => bearerRequest(body, TOKENS.onesignal) },
);

/** A request of Twilio, which signs the address and the fields of a form. */
function twilioRequest(query: string, fields: Readonly<Record<string, string>>, authToken?: string): Posted {
  const path = `/v1/receipts/twilio${query}`;
  const { headers, body } = twilioHook(PUBLIC_URL + path, fields, authToken);
  return { path, headers, body: Buffer.from(body) };
}
const DELIVERED = { MessageStatus: 'delivered', MessageSid: 'SM1' };

/** What Twilio reports. */
export const twilio: Sender = {
  delivered: ({ message }) => twilioRequest(`?message=${message}`, DELIVERED),
  anything: (known) => {
    const asText = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
      value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
    const fields = fc.record(
      {
        MessageStatus: asText(one('delivered', 'read', 'undelivered', 'failed', 'sent')),
        CallStatus: asText(one('completed', 'failed', 'busy', 'toString')),
        ErrorCode: asText(one('30005', '30003', '21610', '')),
        From: asText(fc.oneof(referenceOf(known), one('whatsapp:', 'whatsapp:+491711234567'))),
        Body: asText(fc.oneof(words, one('STOP', 'START', 'YES'))),
        MessageSid: asText(words),
        OptOutType: asText(one('STOP', 'START', 'HELP')),
      },
      { requiredKeys: [] },
    );
    const ofMessage = asText(messageOf(known)).map((message) => `?${new URLSearchParams({ message }).toString()}`);
    const odd = [
      '',
      '',
      '?message',
      '?message=',
      '?message=a&message=b',
      '?message[]=a',
      '?message[a]=b',
      '?%',
      '?__proto__=a',
    ];
    const query = fc.oneof({ weight: 3, arbitrary: ofMessage }, { weight: 2, arbitrary: fc.constantFrom(...odd) });
    return fc.tuple(query, fields).map(([asked, given]) => twilioRequest(asked, given));
  },
  signed: ({ body }) => JSON.stringify(Object.fromEntries(new URLSearchParams(body.toString()))),
  wrongKey: ({ message }) => twilioRequest(`?message=${message}`, DELIVERED, 'another token'),
};
