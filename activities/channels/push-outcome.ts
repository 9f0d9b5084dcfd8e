import type { Delivery } from './channel';
import type { PushResponse } from './push-client';

/** The outcome of sending to one browser. */
export type PushAttempt =
  | { readonly outcome: 'accepted'; readonly providerId: string | null }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'refused'; readonly detail: string }
  /** `afterMs` is the pause that the service asks for, in real milliseconds; 0 when it asks for none. */
  | { readonly outcome: 'retry'; readonly code: string; readonly detail: string; readonly afterMs: number };

/**
 * Interprets a push service's answer (RFC 8030 5, 7.3, 8.4).
 * @param now the real time, epoch milliseconds, for a `Retry-After` that is a date
 */
export function pushAnswer({ status, location, retryAfter, text }: PushResponse, now: number): PushAttempt {
  if (status >= 200 && status < 300) return { outcome: 'accepted', providerId: location };
  if (status === 404 || status === 410) return { outcome: 'gone' };
  const detail = `${status} ${text}`.trim();
  if (status !== 429 && status < 500) return { outcome: 'refused', detail };
  return { outcome: 'retry', code: `push ${status}`, detail, afterMs: delayMs(retryAfter, now) };
}

/**
 * Interprets the error of a request that got no answer.
 * @throws the error itself when it does not come from the connection
 */
export function pushFailure(error: unknown): PushAttempt {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return { outcome: 'retry', code, detail: message, afterMs: 0 };
}

/**
 * Combines the outcomes of all of a user's browsers. The message counts as sent when one browser accepted it: a retry for another
 * browser would show it twice.
 */
export function summed(attempts: readonly PushAttempt[]): Delivery {
  const accepted = attempts.find((attempt) => attempt.outcome === 'accepted');
  if (accepted) return { outcome: 'sent', providerId: accepted.providerId };
  const retries = attempts.filter((attempt) => attempt.outcome === 'retry');
  const [retry] = retries;
  if (retry) {
    const afterMs = Math.max(...retries.map((attempt) => attempt.afterMs));
    return { outcome: 'retry', code: retry.code, detail: retry.detail, ...(afterMs > 0 && { afterMs }) };
  }
  const refused = attempts.find((attempt) => attempt.outcome === 'refused');
  if (refused) return { outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail: refused.detail };
  return { outcome: 'suppressed', cause: 'subscription', reason: 'no subscription' };
}

/** The milliseconds that a `Retry-After` asks for, in seconds or as a date (RFC 9110 10.2.3); 0 without one. */
function delayMs(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return 0;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - now;
  return Math.max(0, ms) || 0;
}
