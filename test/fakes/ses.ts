import aws4 from 'aws4';
import { startFake, type FakeService, type Received } from './service';

/** An account that may send. */
export const SES_KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
export const SES_REGION = 'eu-central-1';

/**
 * Starts an SES that speaks `SendEmail` of version 2 of its API
 * (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html) and checks the signature.
 */
export function startSes(): Promise<FakeService> {
  return startFake((request) => {
    const { method, path, body } = request;
    if (method !== 'POST' || path !== '/v2/email/outbound-emails') return error(404, 'NotFoundException');
    if (!isSigned(request)) return error(403, 'SignatureDoesNotMatch');
    const { Destination, Content } = JSON.parse(body) as SesMail;
    if (Content.Raw.Data === '') return error(400, 'BadRequestException');
    if (!Destination.ToAddresses.every((address) => address.includes('@'))) return error(400, 'BadRequestException');
    if (Buffer.from(Content.Raw.Data, 'base64').toString().includes('unverified@'))
      return error(400, 'MessageRejected');
    return { status: 200, body: { MessageId: '010001867ade4c6e-3d2f2a9e-0000-4d2e-8c8b-000000000000-000000' } };
  });
}

interface SesMail {
  readonly Destination: { readonly ToAddresses: readonly string[] };
  readonly Content: { readonly Raw: { readonly Data: string } };
}

function isSigned({ method, path, headers, body }: Received): boolean {
  const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const given = Object.fromEntries(signed.map((name) => [name, headers[name]]));
  const { host = '' } = headers;
  const again = aws4.sign(
    { ...{ method, path, host, body, service: 'ses', region: SES_REGION }, headers: { ...given } },
    SES_KEYS,
  );
  return again.headers?.['Authorization'] === headers.authorization;
}

function error(status: number, type: string): { status: number; headers: Record<string, string>; body: object } {
  const headers = {
    'x-amzn-ErrorType': `${type}:http://internal.amazon.com/coral/com.amazonaws.services.simpleemail/`,
  };
  return { status, headers, body: { message: `SES says ${type}.` } };
}
