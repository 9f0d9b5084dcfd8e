import type { NodemailerError } from 'nodemailer';
import type { Delivery } from './channel';

/** The reply code for missing authentication, to any command (RFC 4954). */
const AUTHENTICATION_REQUIRED = 530;

/**
 * Interprets a failed attempt over SMTP. A permanent refusal (5xx, RFC 5321 4.2.1) of the recipient or the message is a bounce. All
 * other failures are retried. Temporary refusals and connection errors may pass. Refusals of the sender, the login or the connection
 * are matters of configuration.
 * @throws the error itself when it does not come from sending
 */
export function smtpFailure(error: unknown): Delivery {
  const { code, command, responseCode, response, message, permanent } = error as NodemailerError;
  if (code === undefined) throw error;
  const detail = response ?? message;
  if (code === 'EENVELOPE' && command === 'API')
    return { outcome: 'suppressed', cause: 'address', reason: 'no address', detail };
  const refused = permanent === true && responseCode !== AUTHENTICATION_REQUIRED;
  const tooLarge = code === 'EMESSAGE' && responseCode === undefined;
  if (tooLarge || (refused && (command === 'RCPT TO' || command === 'DATA'))) {
    return { outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail };
  }
  return { outcome: 'retry', code: responseCode === undefined ? code : `smtp ${responseCode}`, detail };
}
