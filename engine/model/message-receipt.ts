/** What providers report about a message, and the name of the event that says so. */
export const RECEIPTS = {
  delivered: 'Message Delivered',
  opened: 'Message Opened',
  clicked: 'Message Clicked',
  bounced: 'Message Bounced',
  complained: 'Message Complained',
  failed: 'Message Failed',
  unsubscribed: 'Message Unsubscribed',
  replied: 'Message Replied',
} as const;

/** What a provider reports. */
export type ReceiptKind = keyof typeof RECEIPTS;

/** The kinds of receipts. */
export const RECEIPT_KINDS = Object.keys(RECEIPTS) as [ReceiptKind, ...ReceiptKind[]];

/** The receipts of what people do themselves, by the names of their events. All others only happen to people. */
export const ACTIVE_RECEIPTS: ReadonlySet<string> = new Set([RECEIPTS.clicked, RECEIPTS.replied]);

/**
 * The event that a machine loaded the picture of a message or followed one of its links: a proxy of a mail program, or a scanner. It has
 * a name of its own, so that whatever counts or awaits opens and clicks means people.
 */
export const PREFETCHED = 'Message Prefetched';

/**
 * By what a machine was told from a person: its request or its name, that it came within moments of the mail, or that it followed several
 * links in a moment.
 */
export type MachineSign = 'request' | 'soon' | 'many links';
