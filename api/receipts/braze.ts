import { z } from 'zod';
import type { ReceiptKind } from '../../engine/model/message-receipt';
import { getOwn } from '../../engine/model/own-property';
import { text } from '../fields';
import { readInstant } from '../segment/instant';
import { hasToken } from './bearer';
import { readJson } from './body';
import type { ReceiptSource } from './source';

const TOKEN = 'BRAZE_RECEIPTS_TOKEN';

/** A batch of Currents, of which only what matters is read. */
const body = z.object({
  events: z
    .array(
      z.object({
        event_type: text.max(200),
        time: z.number(),
        properties: z
          .object({ dispatch_id: z.string().max(200).nullish(), bounce_reason: z.string().nullish() })
          .nullish(),
      }),
    )
    .max(10_000),
});

/**
 * What the types of events mean. Braze takes a notification for sent when the push service has taken it. A bounce is of a token of
 * one device, so it does not say that the person can't be reached.
 */
const KINDS: Readonly<Record<string, ReceiptKind>> = {
  'users.messages.pushnotification.Send': 'delivered',
  'users.messages.pushnotification.Open': 'opened',
  'users.messages.pushnotification.Bounce': 'bounced',
};

/**
 * What Braze reports by Currents with a Custom HTTP Connector. It has no signature: a token of ours shows that a request is genuine. A
 * batch also has events of messages that others have sent, which are ignored.
 */
export const braze: ReceiptSource = {
  name: 'braze',
  variables: [TOKEN],
  async read(request, secrets) {
    if (!hasToken(request, secrets[TOKEN] ?? '')) return null;
    return readJson(request.body, body).events.flatMap(({ event_type: type, time, properties }) => {
      const kind = getOwn(KINDS, type);
      const reference = properties?.dispatch_id;
      if (kind === undefined || !reference) return [];
      const detail = properties.bounce_reason;
      return [
        {
          of: { source: 'braze', reference },
          kind,
          at: readInstant(time) ?? request.receivedAt,
          ...(detail && { detail }),
        },
      ];
    });
  },
};
