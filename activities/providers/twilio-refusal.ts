import type { Delivery } from '../channels/channel';
import type { ApiAnswer } from './api-answer';
import { retryAfterMs } from './retry-after';

/** Twilio's answer to a request that it did not carry out: `{ code, message, more_info, status }`. */
export class TwilioRefusal extends Error {
  readonly status: number;
  /** Twilio's own code; null when the answer is not Twilio's. */
  readonly code: number | null;
  readonly retryAfter: string | null;

  constructor({ status, headers, text }: ApiAnswer, { code, message }: Readonly<Record<string, unknown>>) {
    super(typeof message === 'string' ? message : text.slice(0, 500));
    this.status = status;
    this.code = typeof code === 'number' ? code : null;
    this.retryAfter = headers['retry-after'] ?? null;
  }
}

/**
 * Codes that say of the number alone that it takes no such message, now or later (twilio.com/docs/api/errors): not a phone number
 * (13223, 13224, 21211, 21217, 21401, 21421), not a mobile number (21614), a landline (21635), can't be reached (21214), and not on
 * WhatsApp (63003, 63024).
 */
const DEAD: readonly (number | null)[] = [13223, 13224, 21211, 21214, 21217, 21401, 21421, 21614, 21635, 63003, 63024];

/** The person has answered STOP to this sender, and Twilio blocks it. */
const OPTED_OUT = 21610;

/**
 * Codes that speak of the content: no text (21602, 21619), too long (21605, 21617), TwiML that can't be read (12100), and template
 * variables that are wrong (21656).
 */
const CONTENT: readonly (number | null)[] = [12100, 21602, 21605, 21617, 21619, 21656];

/**
 * Interprets a refusal. What is not about the number or the content is retried until the message expires: too many requests, a failure
 * of Twilio's, and what someone can mend meanwhile, such as a wrong token, a sender that is not ours, or a country that the account
 * may not send to.
 * @param to the number that the message was for
 */
export function twilioRefused({ status, code, message: detail, retryAfter }: TwilioRefusal, to: string): Delivery {
  if (code === OPTED_OUT) return { outcome: 'suppressed', cause: 'consent', reason: 'unsubscribed at Twilio', detail };
  if (DEAD.includes(code))
    return { outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail, deadAddress: to };
  if (CONTENT.includes(code)) return { outcome: 'suppressed', cause: 'template', reason: 'template error', detail };
  const afterMs = retryAfterMs(retryAfter, Date.now());
  return {
    outcome: 'retry',
    code: code === null ? `http ${status}` : `twilio ${code}`,
    detail,
    ...(afterMs > 0 && { afterMs }),
  };
}
