import type { ReceiptSource } from './source';
import { standard } from './standard';

/** Who may report what became of messages. */
export const RECEIPT_SOURCES: readonly ReceiptSource[] = [standard];
