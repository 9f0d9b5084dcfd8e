import { listedErrors, MOST_ERRORS, type FieldError } from '../pointer';

/** A call with its errors. */
export interface Rejection {
  readonly index: number;
  readonly messageId: string | null;
  readonly errors: readonly FieldError[];
}

/** Longer texts are no message ids, and are not repeated in the answer. */
const LONGEST_ID = 200;

/** What is wrong with calls of a request: why they are not stored, or what was not taken as it was sent. All are counted, and the first are listed, with `MOST_ERRORS` errors together. */
export class CallErrors {
  readonly listed: Rejection[] = [];
  count = 0;
  errorCount = 0;
  private room = MOST_ERRORS;

  /** @param index the position of the call in the batch, from 0 */
  add(index: number, call: unknown, errors: readonly FieldError[]): void {
    this.count += 1;
    this.errorCount += errors.length;
    if (this.room === 0) return;
    const first = listedErrors(errors).slice(0, this.room);
    this.room -= first.length;
    this.listed.push({ index, messageId: messageIdOf(call), errors: first });
  }
}

function messageIdOf(call: unknown): string | null {
  const messageId: unknown = typeof call === 'object' && call !== null && 'messageId' in call ? call.messageId : null;
  if (typeof messageId !== 'string' && typeof messageId !== 'number') return null;
  const id = String(messageId);
  return id.length > LONGEST_ID ? null : id;
}
