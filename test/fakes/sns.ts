import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import type { SignedRequest } from './signed-request';

/** The topic of the fake. */
export const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:mails';
/** Where Amazon publishes the certificate of its signatures. */
export const CERTIFICATE_URL = 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123.pem';

const amazon = generateKeyPairSync('rsa', { modulusLength: 2_048 });
/** What is found at `CERTIFICATE_URL`. */
export const CERTIFICATE = amazon.publicKey.export({ format: 'pem', type: 'spki' }).toString();

/** The fields that Amazon signs (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html). */
const SIGNED_FIELDS = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

type Fields = Readonly<Record<string, unknown>>;

/** The text that Amazon signs of a message. */
export function signedText(message: Fields): string {
  const names = SIGNED_FIELDS[message['Type'] === 'Notification' ? 'Notification' : 'SubscriptionConfirmation'];
  return names.flatMap((name) => (name in message ? [`${name}\n${String(message[name])}\n`] : [])).join('');
}

/** A request as Amazon SNS posts it to a subscriber of a topic. `key` signs it. */
export function snsRequest(
  fields: Fields,
  type: keyof typeof SIGNED_FIELDS = 'Notification',
  key: KeyObject = amazon.privateKey,
): SignedRequest {
  const message: Fields = {
    ...{ Type: type, MessageId: randomUUID(), TopicArn: TOPIC, Timestamp: '2026-11-30T12:00:00.000Z' },
    ...{ SignatureVersion: '2', SigningCertURL: CERTIFICATE_URL, ...fields },
  };
  const algorithm = message['SignatureVersion'] === '1' ? 'sha1' : 'sha256';
  const Signature = sign(algorithm, Buffer.from(signedText(message)), key).toString('base64');
  return { headers: { 'content-type': 'text/plain' }, body: Buffer.from(JSON.stringify({ Signature, ...message })) };
}
