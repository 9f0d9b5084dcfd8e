import { z } from 'zod';
import { parseExactly } from '../../engine/model/exact-json';
import { MESSAGE_REFERENCE } from '../../config/message-reference';
import { Problem } from '../problem';
import { readJson } from './body';
import { byMachine } from './by-machine';
import { fetchText, isSnsUrl, snsMessage, SnsSignatures, type FetchText, type SnsMessage } from './sns';
import type { Receipt as StoredReceipt } from '../../store/receipts';
import type { Receipt, ReceiptRequest, ReceiptSource } from './source';
import { instantOf } from './when';

const TOPIC = 'SES_TOPIC_ARN';

const when = z.string().exactOptional();
/** Of opens and clicks: the name of the browser or mail program. */
const agent = z.string().exactOptional();
const recipients = z.array(z.object({ emailAddress: z.string(), diagnosticCode: z.string().exactOptional() }));
const event = z.object({
  eventType: z.string().exactOptional(),
  mail: z.object({
    destination: z.array(z.string()).exactOptional(),
    tags: z.record(z.string(), z.array(z.string())).exactOptional(),
  }),
  bounce: z.object({ bounceType: z.string(), bouncedRecipients: recipients, timestamp: when }).exactOptional(),
  complaint: z.object({ complainedRecipients: recipients, timestamp: when }).exactOptional(),
  delivery: z.object({ timestamp: when }).exactOptional(),
  open: z.object({ timestamp: when, userAgent: agent }).exactOptional(),
  click: z.object({ timestamp: when, link: z.string(), userAgent: agent }).exactOptional(),
  reject: z.object({ reason: z.string() }).exactOptional(),
  failure: z.object({ errorMessage: z.string() }).exactOptional(),
  subscription: z.object({ timestamp: when }).exactOptional(),
});
type SesEvent = z.infer<typeof event>;

/** What the events mean. Others, such as `Send` and `DeliveryDelay`, say nothing that is final. */
const KINDS: ReadonlyMap<unknown, StoredReceipt['kind']> = new Map([
  ['Delivery', 'delivered'],
  ['Open', 'opened'],
  ['Click', 'clicked'],
  ['Bounce', 'bounced'],
  ['Complaint', 'complained'],
  ['Reject', 'failed'],
  ['Rendering Failure', 'failed'],
  ['Subscription', 'unsubscribed'],
]);

/**
 * Events of Amazon SES (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html), as a topic of Amazon
 * SNS posts them. The topic's request to subscribe is confirmed.
 * @param fetch gets texts from Amazon. Default: by https
 */
export function sesReceipts(fetch: FetchText = fetchText): ReceiptSource {
  const signatures = new SnsSignatures(fetch);
  return {
    name: 'ses',
    variables: [TOPIC],
    async read(request, secrets) {
      const message = messageIn(request);
      if (message === null || message.TopicArn !== secrets[TOPIC]) return null;
      if (!(await signatures.isGenuine(message))) return null;
      if (message.Type === 'SubscriptionConfirmation') await confirm(message, fetch);
      if (message.Type !== 'Notification') return [];
      return receiptsOf(readJson(Buffer.from(message.Message), event), request.receivedAt);
    },
  };
}

/** The message of SNS in a request; null when there is none. Nothing is said about it: nobody knows yet who sent it. */
function messageIn({ body }: ReceiptRequest): SnsMessage | null {
  try {
    return snsMessage.safeParse(parseExactly(body.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}

async function confirm({ SubscribeURL: url = '' }: SnsMessage, fetch: FetchText): Promise<void> {
  if (!isSnsUrl(url)) throw new Problem(422, { detail: 'SubscribeURL must be an address of Amazon SNS.' });
  await fetch(url).catch(() => {
    throw new Problem(503, { detail: 'The subscription can not be confirmed at the moment.' });
  });
}

function receiptsOf(read: SesEvent, receivedAt: number): Receipt[] {
  const { mail, bounce, complaint, delivery, open, click, reject, failure, subscription } = read;
  const messageId = mail.tags?.[MESSAGE_REFERENCE]?.[0];
  const kind = KINDS.get(read.eventType);
  if (messageId === undefined || kind === undefined) return [];
  const { timestamp } = bounce ?? complaint ?? delivery ?? open ?? click ?? subscription ?? {};
  const [concerned] = bounce?.bouncedRecipients ?? complaint?.complainedRecipients ?? [];
  const address = concerned?.emailAddress ?? mail.destination?.[0];
  const detail = concerned?.diagnosticCode ?? reject?.reason ?? failure?.errorMessage;
  return [
    {
      ...{ messageId, kind, at: instantOf(timestamp, receivedAt) },
      ...(bounce && { permanent: bounce.bounceType === 'Permanent' }),
      ...byMachine(kind, open?.userAgent ?? click?.userAgent),
      ...(click && { url: click.link }),
      ...(detail !== undefined && { detail }),
      ...(address !== undefined && { address }),
    },
  ];
}
