import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import { getOwn } from '../../engine/model/own-property';
import type { Report } from '../../store/reports';
import type { ReceiptRequest, ReceiptSource } from './source';

const TOKEN = 'TWILIO_AUTH_TOKEN';

type Fields = Readonly<Record<string, string>>;

/**
 * What Twilio reports of messages and calls, and what people answer to a number of ours. Each request is signed with the token of the
 * account (twilio.com/docs/usage/security): the address with its query, in which our id of the message is, and all fields of the form.
 */
export const twilio: ReceiptSource = {
  name: 'twilio',
  variables: [TOKEN],
  async read(request, secrets) {
    const fields: Fields = Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));
    const signature = request.headers['x-twilio-signature'];
    if (typeof signature !== 'string') return null;
    if (!validateRequest(secrets[TOKEN] ?? '', signature, request.url, fields)) return null;
    return reportsIn(fields, request);
  },
};

function reportsIn(fields: Fields, { query, receivedAt: at }: ReceiptRequest): Report[] {
  const { message: messageId } = query;
  if (messageId === undefined) return replyIn(fields, at);
  const { MessageStatus: ofMessage, CallStatus: ofCall } = fields;
  if (ofMessage !== undefined) return statusOfMessage(ofMessage, messageId, fields, at);
  return ofCall === undefined ? [] : statusOfCall(ofCall, messageId, at);
}

/**
 * Error codes (twilio.com/docs/api/errors) by which a number takes no messages for good: not a number (21211), not a mobile number
 * (21614, 21635), not in service (30005), a landline or a carrier that can't be reached (30006), not on WhatsApp (63003, 63024).
 */
const DEAD: readonly string[] = ['21211', '21614', '21635', '30005', '30006', '63003', '63024'];
/** Error codes of what may pass: the phone is off or has no service (30003), or it or the carrier blocks the message (30004). */
const SOFT: readonly string[] = ['30003', '30004'];
/** The person has answered STOP to this sender. */
const OPTED_OUT = '21610';

/** What a status of a message says. Those on the way, such as `queued` and `sent`, say nothing that is not known. */
function statusOfMessage(status: string, messageId: string, fields: Fields, at: number): Report[] {
  if (status === 'delivered') return [{ kind: 'delivered', messageId, at }];
  // WhatsApp only. It may come instead of `delivered`.
  if (status === 'read') return [{ kind: 'opened', messageId, at }];
  if (status !== 'undelivered' && status !== 'failed') return [];
  const { ErrorCode: code = '' } = fields;
  const detail = `Twilio: ${status}${code === '' ? '' : `, error ${code}`}`;
  if (code === OPTED_OUT) return [{ kind: 'unsubscribed', messageId, at, detail }];
  const dead = DEAD.includes(code);
  if (dead || SOFT.includes(code)) return [{ kind: 'bounced', messageId, at, permanent: dead, detail }];
  return [{ kind: 'failed', messageId, at, detail }];
}

/**
 * What the end of a call says. A call is delivered when someone or something has answered it. A number at which calls fail may not
 * exist, so that counts as a soft bounce.
 */
function statusOfCall(status: string, messageId: string, at: number): Report[] {
  const detail = `Twilio: ${status}`;
  if (status === 'completed') return [{ kind: 'delivered', messageId, at }];
  if (status === 'failed') return [{ kind: 'bounced', messageId, at, permanent: false, detail }];
  return ['busy', 'no-answer', 'canceled'].includes(status) ? [{ kind: 'failed', messageId, at, detail }] : [];
}

/** The words that Twilio itself takes for a stop and a start (twilio.com/docs/messaging/guides/opt-out-keywords). */
const ASKS: Readonly<Record<string, 'stop' | 'start'>> = {
  STOP: 'stop',
  STOPALL: 'stop',
  UNSUBSCRIBE: 'stop',
  CANCEL: 'stop',
  END: 'stop',
  QUIT: 'stop',
  REVOKE: 'stop',
  OPTOUT: 'stop',
  START: 'start',
  UNSTOP: 'start',
  YES: 'start',
};

/** A text to a number of ours. With Advanced Opt-Out Twilio says what it means, also in words that the account has added. */
function replyIn({ From: from, Body: text, MessageSid: providerId, OptOutType: optOut }: Fields, at: number): Report[] {
  if (from === undefined || text === undefined || providerId === undefined) return [];
  const [, scheme, number = from] = /^(whatsapp):(.*)$/.exec(from) ?? [];
  const word = (optOut ?? text).trim().toUpperCase();
  return [
    {
      from: { source: scheme === undefined ? 'sms' : 'whatsApp', reference: number },
      text,
      asks: getOwn(ASKS, word) ?? null,
      providerId,
      at,
    },
  ];
}
