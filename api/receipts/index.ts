import { postmarkReceipts } from './postmark';
import { resendReceipts } from './resend';
import { sendGridReceipts } from './sendgrid';
import { sesReceipts } from './ses';
import type { ReceiptSource } from './source';
import { standard } from './standard';

/** Who may report what became of messages. */
export const RECEIPT_SOURCES: readonly ReceiptSource[] = [
  standard,
  postmarkReceipts,
  sendGridReceipts,
  resendReceipts,
  sesReceipts(),
];
