import { braze } from './braze';
import { oneSignal } from './one-signal';
import type { ReceiptSource } from './source';
import { standard } from './standard';
import { twilio } from './twilio';

/** Who may report what became of messages. */
export const RECEIPT_SOURCES: readonly ReceiptSource[] = [standard, twilio, oneSignal, braze];
