import { z } from 'zod';
import type { ReceiptKind } from '../../engine/model/message-receipt';
import { getOwn } from '../../engine/model/own-property';
import { text } from '../fields';
import { readInstant } from '../segment/instant';
import { hasToken } from './bearer';
import { readJson } from './body';
import type { ReceiptSource } from './source';

const TOKEN = 'ONESIGNAL_RECEIPTS_TOKEN';

/** One event of an Event Stream, in the body that docs/channels.md lets the stream send. */
const body = z.object({
  kind: text.max(100),
  /** OneSignal's id of the message. */
  message: text.max(100),
  timestamp: z.union([text.max(40), z.number()]),
  url: text.max(2_000).exactOptional(),
});

/**
 * What the kinds of events mean. `sent` says that the push service has taken the notification, `received` that the app has got it.
 * `unsubscribed` is about one device, while the person may have others, so it says nothing here.
 */
const KINDS: Readonly<Record<string, ReceiptKind>> = {
  'message.push.sent': 'delivered',
  'message.push.received': 'delivered',
  'message.push.clicked': 'clicked',
  'message.push.failed': 'failed',
};

/**
 * What OneSignal reports by an Event Stream (documentation.onesignal.com/docs/event-streams). Streams have no signature: a header with
 * a token of ours shows that a request is genuine.
 */
export const oneSignal: ReceiptSource = {
  name: 'onesignal',
  variables: [TOKEN],
  async read(request, secrets) {
    if (!hasToken(request, secrets[TOKEN] ?? '')) return null;
    const { kind: name, message, timestamp, url } = readJson(request.body, body);
    const kind = getOwn(KINDS, name);
    if (kind === undefined) return [];
    const of = { source: 'oneSignal', reference: message };
    return [{ of, kind, at: readInstant(timestamp) ?? request.receivedAt, ...(url !== undefined && { url }) }];
  },
};
