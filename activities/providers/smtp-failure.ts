import type { NodemailerError } from 'nodemailer';
import type { Delivery } from '../channels/channel';

/** The reply code for missing authentication, to any command (RFC 4954). */
const AUTHENTICATION_REQUIRED = 530;

/**
 * Reply codes that say of a recipient alone that the address takes no mail: 550, 551 and 553 (RFC 5321 4.2.3), and 556, a domain that
 * accepts none (RFC 7504). Others, such as 552 for a full mailbox or 554, are about the message or the moment.
 */
const DEAD_CODES: readonly (number | undefined)[] = [550, 551, 553, 556];

/** An enhanced status code (RFC 3463) at the start of a reply (RFC 2034): class, subject and detail. */
const ENHANCED = /^\d{3}[ -](5\.\d{1,3}\.\d{1,3})\b/;

/**
 * Enhanced codes that say the same (RFC 3463 3.2 and 3.3): no such mailbox, no such domain, a name that is no address, a mailbox that
 * moved or is disabled; and a domain that accepts no mail (RFC 7505). All others are not remembered: 5.1.7 and 5.1.8 are about the
 * sender, 5.2.2 is a full mailbox, 5.4 the route, 5.7 a policy, such as our reputation.
 */
const DEAD_ENHANCED: readonly string[] = ['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'];

/**
 * Interprets a failed attempt over SMTP. A permanent refusal (5xx, RFC 5321 4.2.1) of the recipient or the message is a bounce. All
 * other failures are retried. Temporary refusals and connection errors may pass. Refusals of the sender, the login or the connection
 * are matters of configuration.
 * @param to the address that the message was for
 * @throws the error itself when it does not come from sending
 */
export function smtpFailure(error: unknown, to: string): Delivery {
  const { code, command, responseCode, response, message, permanent } = error as NodemailerError;
  if (code === undefined) throw error;
  const detail = response ?? message;
  if (code === 'EENVELOPE' && command === 'API')
    return { outcome: 'suppressed', cause: 'address', reason: 'no address', detail };
  const refused = permanent === true && responseCode !== AUTHENTICATION_REQUIRED;
  const tooLarge = code === 'EMESSAGE' && responseCode === undefined;
  if (tooLarge || (refused && (command === 'RCPT TO' || command === 'DATA'))) {
    const dead = refused && isDead(detail, responseCode, command);
    return { outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail, ...(dead && { deadAddress: to }) };
  }
  return { outcome: 'retry', code: responseCode === undefined ? code : `smtp ${responseCode}`, detail };
}

/** Does a refusal mean that the address takes no mail at all? An enhanced code decides if there is one. */
function isDead(reply: string, responseCode: number | undefined, command: string | undefined): boolean {
  const [, enhanced] = ENHANCED.exec(reply) ?? [];
  if (enhanced !== undefined) return DEAD_ENHANCED.includes(enhanced);
  return command === 'RCPT TO' && DEAD_CODES.includes(responseCode);
}
