import aws4 from 'aws4';
import MailComposer from 'nodemailer/lib/mail-composer';
import { MESSAGE_REFERENCE } from '../../config/message-reference';
import type { EmailContent } from '../templates/content';
import type { ApiRequest } from './api-client';
import { mailOf } from './composed-mail';
import { detailOf, membersOf, type ApiAnswer } from './api-answer';
import { emailApi, idIn, refusal, type OutgoingEmail } from './email-api';
import type { Sender } from './email-headers';
import type { Provider } from './provider';

/** Keys of AWS. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** For keys that expire. */
  readonly sessionToken?: string;
}

/** Options of Amazon SES. */
export interface SesOptions extends Sender {
  /** Such as `eu-central-1`. */
  readonly region: string;
  /** The keys, or a function that is asked for them before each message: those of a role expire. */
  readonly credentials: AwsCredentials | (() => Promise<AwsCredentials>);
  /** The configuration set, whose event destination publishes receipts. */
  readonly configurationSet?: string;
  /** Default: the host of the region. */
  readonly url?: string;
  /** Its name in metrics and the timeline. Default: `ses`. */
  readonly name?: string;
  /** Real milliseconds for one request. Default: 30 seconds. */
  readonly timeoutMs?: number;
}

/**
 * Amazon SES as a provider of emails, by `SendEmail` of version 2 of its API
 * (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html), with a whole MIME message. SES knows no idempotency
 * key and replaces the Message-ID. Addresses on its suppression list are taken and reported as bounced.
 */
export function ses(options: SesOptions): Provider<EmailContent> {
  const { region, timeoutMs, url = `https://email.${region}.amazonaws.com` } = options;
  return emailApi({
    name: options.name ?? 'ses',
    ...(timeoutMs !== undefined && { timeoutMs }),
    request: async (message) => signed(options, url, JSON.stringify(await bodyOf(message, options))),
    outcome(answer) {
      if (answer.status === 200) return { outcome: 'sent', providerId: idIn(membersOf(answer.text)['MessageId']) };
      const type = errorType(answer);
      if (answer.status === 400 && type === 'BadRequestException') return refusal(answer);
      if (answer.status < 500 && answer.status !== 429 && type !== null)
        return { outcome: 'retry', code: `ses ${type}`, detail: detailOf(answer) };
      return null;
    },
  });
}

/**
 * The kind of error, such as `MessageRejected`. That one is retried, like all but `BadRequestException`: it also stands for a sender that
 * is not verified yet, and nothing but a text tells the two apart.
 */
function errorType({ headers }: ApiAnswer): string | null {
  const [type = ''] = String(headers['x-amzn-errortype'] ?? '').split(':');
  return /^[A-Za-z]{1,60}$/.test(type) ? type : null;
}

async function bodyOf(message: OutgoingEmail, options: SesOptions): Promise<object> {
  const { id, to, content } = message;
  const mime = await new MailComposer(mailOf(message, options)).compile().build();
  return {
    Destination: { ToAddresses: [to], ...(content.cc && { CcAddresses: content.cc }) },
    Content: { Raw: { Data: mime.toString('base64') } },
    EmailTags: [{ Name: MESSAGE_REFERENCE, Value: id }],
    ConfigurationSetName: options.configurationSet,
  };
}

/** The request with a signature (AWS Signature Version 4). */
async function signed({ credentials, region }: SesOptions, url: string, body: string): Promise<ApiRequest> {
  const { host, pathname } = new URL('/v2/email/outbound-emails', url);
  const keys = typeof credentials === 'function' ? await credentials() : credentials;
  const unsigned = { 'Content-Type': 'application/json' };
  const { headers } = aws4.sign(
    { method: 'POST', service: 'ses', region, host, path: pathname, headers: unsigned, body },
    keys,
  );
  return { url: new URL(pathname, url).href, headers: { ...(headers as Record<string, string>) }, body };
}
