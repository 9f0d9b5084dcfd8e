import { generateKeyPairSync } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { startFake, type FakeService, type Reply } from './service';

/** A stand-in for FCM and for Google's token endpoint. */
export interface FakeFcm extends FakeService {
  /** The JSON file of a service account that it knows. */
  readonly serviceAccount: string;
  /** The number of access tokens it has given. */
  readonly tokensGiven: number;
  /** Takes back all access tokens. */
  revoke(): void;
}

/** An error as FCM answers it (https://firebase.google.com/docs/cloud-messaging/error-codes). */
export function fcmError(status: number, errorCode: string, fields: readonly string[] = []): Reply {
  const details = [
    { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode },
    ...(fields.length === 0
      ? []
      : [
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: fields.map((field) => ({ field, description: 'invalid' })),
          },
        ]),
  ];
  return {
    status,
    body: { error: { code: status, message: 'Requested entity was not found.', status: 'X', details } },
  };
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });

/** Starts the service. It refuses an assertion that is not signed by the account, and a message without an access token of its own. */
export async function startFcm(): Promise<FakeFcm> {
  let tokens: string[] = [];
  let given = 0;
  const service = await startFake(async ({ method, path, headers, body }): Promise<Reply> => {
    if (path === '/token') {
      try {
        const assertion = new URLSearchParams(body).get('assertion') ?? '';
        const { payload } = await jwtVerify(assertion, publicKey, { audience: `${service.url}/token`, issuer: EMAIL });
        if (payload['scope'] !== 'https://www.googleapis.com/auth/firebase.messaging') throw new errors.JWTInvalid();
      } catch {
        return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
      }
      tokens.push(`ya29.${++given}`);
      return { status: 200, body: { access_token: `ya29.${given}`, expires_in: 3_599, token_type: 'Bearer' } };
    }
    if (method !== 'POST' || path !== '/v1/projects/shop/messages:send') return { status: 404, body: 'not found' };
    const [, token = ''] = /^Bearer (.*)$/.exec(headers.authorization ?? '') ?? [];
    if (!tokens.includes(token))
      return { status: 401, body: { error: { code: 401, message: 'invalid', status: 'UNAUTHENTICATED' } } };
    return { status: 200, body: { name: `projects/shop/messages/${service.received.length}` } };
  });
  return {
    ...service,
    get tokensGiven() {
      return given;
    },
    serviceAccount: JSON.stringify({
      type: 'service_account',
      project_id: 'shop',
      private_key_id: 'k1',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: EMAIL,
      token_uri: `${service.url}/token`,
    }),
    revoke: () => void (tokens = []),
  };
}

const EMAIL = 'push@shop.iam.gserviceaccount.com';
