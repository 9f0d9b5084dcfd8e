import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { z } from 'zod';
import { RECEIPT_KINDS } from '../../engine/model/message-receipt';
import { text } from '../fields';
import { readInstant } from '../segment/instant';
import { readJson } from './body';
import type { Receipt, ReceiptSource } from './source';

/** The most receipts in one request. */
const MOST = 100;
const SECRET = 'RECEIPTS_SECRET';

const receipt = z.object({
  message: text.max(100).meta({ description: 'The id of the message, as the channel got it' }),
  kind: z.enum(RECEIPT_KINDS).meta({ description: 'What became of it' }),
  at: z.iso.datetime({ offset: true }).meta({ description: 'When, in real time' }),
  permanent: z.boolean().exactOptional().meta({
    description: 'Of a bounce: the address takes nothing for good. Default: false, a soft bounce, which counts',
  }),
  machine: z
    .boolean()
    .exactOptional()
    .meta({ description: 'Of opens and clicks: a machine did it. The event is `Message Prefetched`' }),
  url: text.max(2_000).exactOptional().meta({ description: 'Of a click: where the link leads' }),
  text: text.max(10_000).exactOptional().meta({ description: 'Of a reply: what the person wrote' }),
  detail: text.max(1_000).exactOptional().meta({ description: 'The words of the provider, for people' }),
  address: text
    .max(1_000)
    .exactOptional()
    .meta({ description: 'The address that the message went to. Default: the one that the user has now' }),
  id: text
    .max(200)
    .exactOptional()
    .meta({ description: 'An id of this report. It tells two replies to one message apart' }),
});

/** The body of a request with receipts. */
export const standardBody = z.object({
  receipts: z.array(receipt).min(1).max(MOST).meta({ description: 'What has become of messages' }),
});

/** Receipts of a team's own channels, signed by Standard Webhooks (https://www.standardwebhooks.com). */
export const standard: ReceiptSource = {
  name: 'standard',
  variables: [SECRET],
  async read({ body, headers, receivedAt }, secrets) {
    const webhook = new Webhook(secrets[SECRET] ?? '');
    try {
      webhook.verify(body, headers as Record<string, string>, { jsonParse: false });
    } catch (error) {
      if (error instanceof WebhookVerificationError) return null;
      throw error;
    }
    return readJson(body, standardBody).receipts.map((one) => toReceipt(one, receivedAt));
  },
};

function toReceipt({ message, at, id, ...facts }: z.infer<typeof receipt>, receivedAt: number): Receipt {
  return {
    ...facts,
    messageId: message,
    at: readInstant(at) ?? receivedAt,
    ...(id !== undefined && { providerId: id }),
  };
}
