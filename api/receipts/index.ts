import { postmarkReceipts } from './postmark';
import { resendReceipts } from './resend';
import { sendGridReceipts } from './sendgrid';
import { sesReceipts } from './ses';
import { braze } from './braze';
import { oneSignal } from './one-signal';
import type { ReceiptSource } from './source';
import { standard } from './standard';
import { twilio } from './twilio';

/** The providers that may report what became of messages. */
export const RECEIPT_SOURCES: readonly ReceiptSource[] = [
  standard,
  postmarkReceipts,
  sendGridReceipts,
  resendReceipts,
  sesReceipts(),
  twilio,
  oneSignal,
  braze,
];
