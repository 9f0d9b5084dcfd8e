import { z } from 'zod';
import { keyComparison } from '../../config/key-comparison';
import { MESSAGE_REFERENCE } from '../../config/message-reference';
import { readJson } from './body';
import type { Receipt as StoredReceipt } from '../../store/receipts';
import type { ReceiptSource } from './source';
import { byMachine } from './by-machine';
import { instantOf } from './when';

const PASSWORD = 'POSTMARK_WEBHOOK_PASSWORD';

const said = z.string().exactOptional();
const report = z.object({
  RecordType: z.string(),
  Metadata: z.object({ [MESSAGE_REFERENCE]: z.string().exactOptional() }).exactOptional(),
  /** Of bounces and complaints, the address; of all others, `Recipient`. */
  Email: said,
  Recipient: said,
  Type: said,
  /** Of bounces: Postmark sends nothing to the address any more. */
  Inactive: z.boolean().exactOptional(),
  Description: said,
  Details: said,
  OriginalLink: said,
  /** Of opens and clicks: the name of the browser or mail program. */
  UserAgent: said,
  BouncedAt: said,
  DeliveredAt: said,
  ReceivedAt: said,
  ChangedAt: said,
  SuppressSending: z.boolean().exactOptional(),
  SuppressionReason: z.string().nullish(),
  Origin: said,
});
type Report = z.infer<typeof report>;

/** Types of bounces that are none: an answer that an absent person's mail program wrote, and changes of the subscription. */
const NO_BOUNCE: readonly unknown[] = ['AutoResponder', 'Subscribe', 'ChallengeVerification', 'AddressChange'];
/** Types of bounces of an address that takes no mail at all. */
const DEAD: readonly unknown[] = ['HardBounce', 'BadEmailAddress'];

/**
 * Webhooks of Postmark (https://postmarkapp.com/developer/webhooks/webhooks-overview). They are not signed: the address that is given to
 * Postmark has the password of HTTP basic authentication in it.
 */
export const postmarkReceipts: ReceiptSource = {
  name: 'postmark',
  variables: [PASSWORD],
  async read({ headers, body, receivedAt }, secrets) {
    const [, credentials = ''] = /^Basic ([A-Za-z\d+/=]+)$/i.exec(headers.authorization ?? '') ?? [];
    const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) ?? [];
    if (!keyComparison(secrets[PASSWORD] ?? '')(password)) return null;
    const read = readJson(body, report);
    const messageId = read.Metadata?.[MESSAGE_REFERENCE];
    const kind = kindOf(read);
    if (messageId === undefined || kind === null) return [];
    const { BouncedAt, DeliveredAt, ReceivedAt, ChangedAt, OriginalLink, Type, UserAgent, Inactive = false } = read;
    const [detail, address] = [detailOf(read), read.Email ?? read.Recipient];
    return [
      {
        ...{ messageId, kind, at: instantOf(BouncedAt ?? DeliveredAt ?? ReceivedAt ?? ChangedAt, receivedAt) },
        ...(kind === 'bounced' && { permanent: Inactive || DEAD.includes(Type) }),
        ...byMachine(kind, UserAgent),
        ...(kind === 'clicked' && OriginalLink !== undefined && { url: OriginalLink }),
        ...(detail !== '' && { detail }),
        ...(address !== undefined && { address }),
      },
    ];
  },
};

function kindOf({
  RecordType,
  Type,
  SuppressSending,
  SuppressionReason,
  Origin,
}: Report): StoredReceipt['kind'] | null {
  switch (RecordType) {
    case 'Delivery':
      return 'delivered';
    case 'Open':
      return 'opened';
    case 'Click':
      return 'clicked';
    case 'SpamComplaint':
      return 'complained';
    case 'Bounce':
      if (Type === 'Unsubscribe') return 'unsubscribed';
      return NO_BOUNCE.includes(Type) ? null : 'bounced';
    case 'SubscriptionChange':
      // Hard bounces and complaints have reports of their own, and what the team does itself is no word of the person.
      return SuppressSending === true && SuppressionReason === 'ManualSuppression' && Origin === 'Recipient'
        ? 'unsubscribed'
        : null;
    default:
      return null;
  }
}

function detailOf({ RecordType, Description, Details }: Report): string {
  return RecordType === 'Bounce' ? [Description, Details].filter((text) => text !== undefined).join(' ') : '';
}
