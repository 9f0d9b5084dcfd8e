import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { z } from 'zod';
import { MESSAGE_REFERENCE } from '../../config/message-reference';
import { readJson } from './body';
import { byMachine } from './by-machine';
import type { Receipt as StoredReceipt } from '../../store/receipts';
import type { ReceiptSource } from './source';
import { instantOf } from './when';

const SECRET = 'RESEND_WEBHOOK_SECRET';

const tag = z.object({ name: z.string(), value: z.string() });
const report = z.object({
  type: z.string(),
  created_at: z.string().exactOptional(),
  data: z.object({
    to: z.array(z.string()).exactOptional(),
    /** An object in the webhooks of today, a list in those of before. */
    tags: z.union([z.array(tag), z.record(z.string(), z.string())]).exactOptional(),
    bounce: z.object({ type: z.string().exactOptional(), message: z.string().exactOptional() }).exactOptional(),
    click: z.object({ link: z.string().exactOptional(), userAgent: z.string().exactOptional() }).exactOptional(),
    failed: z.object({ reason: z.string().exactOptional() }).exactOptional(),
    suppressed: z.object({ message: z.string().exactOptional() }).exactOptional(),
  }),
});
type Data = z.infer<typeof report>['data'];

/** What the events mean. Others, such as `email.sent` and `email.delivery_delayed`, say nothing that is final. */
const KINDS: ReadonlyMap<string, StoredReceipt['kind']> = new Map([
  ['email.delivered', 'delivered'],
  ['email.opened', 'opened'],
  ['email.clicked', 'clicked'],
  ['email.bounced', 'bounced'],
  ['email.complained', 'complained'],
  ['email.failed', 'failed'],
  ['email.suppressed', 'failed'],
]);

/** Webhooks of Resend (https://resend.com/docs/dashboard/webhooks/introduction), signed by Standard Webhooks under the names of Svix. */
export const resendReceipts: ReceiptSource = {
  name: 'resend',
  variables: [SECRET],
  async read({ headers, body, receivedAt }, secrets) {
    const named = ['id', 'timestamp', 'signature'].map((name) => [
      `webhook-${name}`,
      String(headers[`svix-${name}`] ?? ''),
    ]);
    try {
      new Webhook(secrets[SECRET] ?? '').verify(body, Object.fromEntries(named) as Record<string, string>, {
        jsonParse: false,
      });
    } catch (error) {
      if (error instanceof WebhookVerificationError) return null;
      throw error;
    }
    const { type, created_at: createdAt, data } = readJson(body, report);
    const [messageId, kind] = [referenceIn(data), KINDS.get(type)];
    if (messageId === undefined || kind === undefined) return [];
    const { bounce, click, failed, suppressed, to: [address] = [] } = data;
    const detail = bounce?.message ?? failed?.reason ?? suppressed?.message;
    return [
      {
        ...{ messageId, kind, at: instantOf(createdAt, receivedAt) },
        ...(kind === 'bounced' && { permanent: bounce?.type === 'Permanent' }),
        ...byMachine(kind, click?.userAgent),
        ...(kind === 'clicked' && click?.link !== undefined && { url: click.link }),
        ...(detail !== undefined && { detail }),
        ...(address !== undefined && { address }),
      },
    ];
  },
};

function referenceIn({ tags = [] }: Data): string | undefined {
  const all = Array.isArray(tags) ? tags.map(({ name, value }) => [name, value] as const) : Object.entries(tags);
  return all.find(([name]) => name === MESSAGE_REFERENCE)?.[1];
}
