import { verify } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../problem';

/** A message of Amazon SNS as it calls an address (https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html). */
export const snsMessage = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
  Subject: z.string().nullish(),
  Token: z.string().exactOptional(),
  SubscribeURL: z.string().exactOptional(),
});
export type SnsMessage = z.infer<typeof snsMessage>;

/** Gets a text from an address of Amazon's. @throws when there is none */
export type FetchText = (url: string) => Promise<string>;

/** Hosts of Amazon SNS, by region. */
const SNS_HOST = /^sns\.[a-z\d-]{1,40}\.amazonaws\.com(?:\.cn)?$/;
/** Real milliseconds to wait for Amazon. */
const TIMEOUT_MS = 5_000;
const LONGEST = 100_000;
/** Certificates that are kept: Amazon has one a region, and changes it rarely. */
const MOST_CERTIFICATES = 20;

/** Gets a text by https, without redirects. */
export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}.`);
  return (await response.text()).slice(0, LONGEST);
}

/** Whether an address is one of Amazon SNS itself. */
export function isSnsUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username, password } = new URL(url);
  return protocol === 'https:' && SNS_HOST.test(hostname) && port === '' && username === '' && password === '';
}

/** Checks signatures of Amazon SNS. It fetches a certificate only from Amazon SNS, and keeps it. */
export class SnsSignatures {
  readonly #certificates = new Map<string, string>();

  constructor(private readonly fetchText: FetchText) {}

  /**
   * Whether Amazon SNS signed a message (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html).
   * @throws {Problem} 503 when the certificate can't be got, so that Amazon tries again
   */
  async isGenuine(message: SnsMessage): Promise<boolean> {
    const { SigningCertURL: url, SignatureVersion: version, Signature: signature } = message;
    if (!isSnsUrl(url) || !new URL(url).pathname.endsWith('.pem')) return false;
    const certificate = await this.#certificate(url);
    try {
      const algorithm = version === '1' ? 'sha1' : 'sha256';
      return verify(algorithm, Buffer.from(signedText(message)), certificate, Buffer.from(signature, 'base64'));
    } catch {
      // What was fetched is no certificate.
      return false;
    }
  }

  async #certificate(url: string): Promise<string> {
    const known = this.#certificates.get(url);
    if (known !== undefined) return known;
    const fetched = await this.fetchText(url).catch(() => {
      throw new Problem(503, { detail: 'The certificate of the signature can not be fetched at the moment.' });
    });
    if (this.#certificates.size >= MOST_CERTIFICATES) this.#certificates.clear();
    this.#certificates.set(url, fetched);
    return fetched;
  }
}

/** The text that Amazon signs: the names and values of some fields, each on a line. */
function signedText(message: SnsMessage): string {
  const { Type, Message, MessageId, Subject, SubscribeURL, Timestamp, Token, TopicArn } = message;
  const fields =
    Type === 'Notification'
      ? { Message, MessageId, Subject, Timestamp, TopicArn, Type }
      : { Message, MessageId, SubscribeURL, Timestamp, Token, TopicArn, Type };
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined || value === null ? [] : [`${name}\n${value}\n`]))
    .join('');
}
