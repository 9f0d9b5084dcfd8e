import { verify } from 'node:crypto';
import { z } from 'zod';
import { MESSAGE_REFERENCE } from '../../config/message-reference';
import { publicKeyOf } from '../../config/public-key';
import { BY_MACHINE, byMachine } from './by-machine';
import { readInstant } from '../segment/instant';
import { readJson } from './body';
import type { Receipt as StoredReceipt } from '../../store/receipts';
import type { Receipt, ReceiptSource } from './source';

const KEY = 'SENDGRID_WEBHOOK_KEY';
/** SendGrid sends events in batches of up to 768 KB. */
const MOST = 10_000;

const events = z
  .array(
    z.object({
      event: z.string(),
      /** Epoch seconds. */
      timestamp: z.number().exactOptional(),
      email: z.string().exactOptional(),
      [MESSAGE_REFERENCE]: z.string().exactOptional(),
      /** Of bounces: `bounce` or `blocked`. */
      type: z.string().exactOptional(),
      reason: z.string().exactOptional(),
      url: z.string().exactOptional(),
      /** Of opens and clicks: the name of the browser or mail program. */
      useragent: z.string().exactOptional(),
      sg_machine_open: z.boolean().exactOptional(),
    }),
  )
  .max(MOST);

/** What the events mean. Others, such as `processed` and `deferred`, say nothing that is final. */
const KINDS: ReadonlyMap<string, StoredReceipt['kind']> = new Map([
  ['delivered', 'delivered'],
  ['open', 'opened'],
  ['click', 'clicked'],
  ['bounce', 'bounced'],
  ['dropped', 'failed'],
  ['spamreport', 'complained'],
  ['unsubscribe', 'unsubscribed'],
  ['group_unsubscribe', 'unsubscribed'],
]);

/**
 * The event webhook of SendGrid (https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event), signed by ECDSA over the
 * timestamp and the body.
 */
export const sendGridReceipts: ReceiptSource = {
  name: 'sendgrid',
  variables: [KEY],
  async read({ headers, body, receivedAt }, secrets) {
    const signature = headers['x-twilio-email-event-webhook-signature'];
    const timestamp = headers['x-twilio-email-event-webhook-timestamp'];
    if (typeof signature !== 'string' || typeof timestamp !== 'string') return null;
    const signed = Buffer.concat([Buffer.from(timestamp), body]);
    if (!verify('sha256', signed, publicKeyOf(secrets[KEY] ?? ''), Buffer.from(signature, 'base64'))) return null;
    return readJson(body, events).flatMap((one): Receipt[] => {
      const {
        [MESSAGE_REFERENCE]: messageId,
        email: address,
        timestamp: seconds,
        type,
        url,
        reason: detail,
        useragent,
      } = one;
      const kind = KINDS.get(one.event);
      if (messageId === undefined || kind === undefined) return [];
      return [
        {
          ...{ messageId, kind, at: readInstant(seconds) ?? receivedAt },
          // `blocked` stands for a refusal of the moment, such as our reputation.
          ...(kind === 'bounced' && { permanent: type !== 'blocked' }),
          ...byMachine(kind, useragent),
          ...(kind === 'opened' && one.sg_machine_open === true && BY_MACHINE),
          ...(kind === 'clicked' && url !== undefined && { url }),
          ...(detail !== undefined && { detail }),
          ...(address !== undefined && { address }),
        },
      ];
    });
  },
};
