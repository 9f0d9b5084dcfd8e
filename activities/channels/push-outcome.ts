import { getOwn } from '../../engine/model/own-property';
import type { PostResponse } from '../providers/guarded-client';
import { retryAfterMs } from '../providers/retry-after';
import type { Delivery } from './channel';

/** The outcome of sending to one browser. */
export type PushAttempt =
  | { readonly outcome: 'accepted'; readonly providerId: string | null }
  /** The subscription has ended, or was made for another key than ours. */
  | { readonly outcome: 'gone' }
  /** The service refuses our signature for this subscription. It may be made for another key, or something of ours may be wrong. */
  | { readonly outcome: 'unauthorized'; readonly detail: string }
  /** The service refuses the message. */
  | { readonly outcome: 'refused'; readonly detail: string }
  /** `afterMs` is the pause that the service asks for, in real milliseconds; 0 when it asks for none. */
  | { readonly outcome: 'retry'; readonly code: string; readonly detail: string; readonly afterMs: number };

/** Statuses and reasons that tell the outcome, whichever service gives them. All others are refusals of the message. */
const BY_STATUS: Readonly<Record<number, 'gone' | 'unauthorized' | 'retry'>> = {
  // RFC 8292 4.2. Google gives 403 for the key of another sender, Mozilla 401 with errno 109, Apple 403 with BadJwtToken, which also
  // stands for a wrong contact or clock, Microsoft 401 or 403. None tells another key from a mistake of ours.
  401: 'unauthorized',
  403: 'unauthorized',
  // RFC 8030 7.3. Mozilla says the same with errno 102, 103, 105 and 106.
  404: 'gone',
  410: 'gone',
  // Microsoft's word for too many requests.
  406: 'retry',
  408: 'retry',
  // RFC 8030 8.4.
  429: 'retry',
};

/** What Apple and Google say under the status 400. */
const BY_REASON: Readonly<Record<string, 'gone' | 'unauthorized'>> = {
  BadDeviceToken: 'gone',
  VapidPkHashMismatch: 'gone',
  UnauthorizedRegistration: 'unauthorized',
};

/**
 * Interprets a push service's answer (RFC 8030 5, 7.3, 8.4; RFC 8292 4.2).
 * @param now the real time, epoch milliseconds, for a `Retry-After` that is a date
 */
export function pushAnswer({ status, location, retryAfter, text }: PostResponse, now: number): PushAttempt {
  if (status >= 200 && status < 300) return { outcome: 'accepted', providerId: location };
  const detail = `${status} ${text}`.trim();
  const outcome = getOwn(BY_REASON, reasonIn(text)) ?? BY_STATUS[status] ?? (status >= 500 ? 'retry' : 'refused');
  if (outcome === 'retry') return { outcome, code: `push ${status}`, detail, afterMs: retryAfterMs(retryAfter, now) };
  return outcome === 'gone' ? { outcome } : { outcome, detail };
}

/** The reason in an answer: a field of Apple's JSON, all of Google's text. */
function reasonIn(text: string): string {
  try {
    const { reason } = JSON.parse(text) as { reason?: unknown };
    return typeof reason === 'string' ? reason : '';
  } catch {
    return text.trim();
  }
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
  const unauthorized = attempts.find((attempt) => attempt.outcome === 'unauthorized');
  const detail = unauthorized && { detail: unauthorized.detail };
  return { outcome: 'suppressed', cause: 'subscription', reason: 'no subscription', ...detail };
}
