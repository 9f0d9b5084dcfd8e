import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Config } from '../config/config';
import { verifyUserToken } from '../config/tokens';
import { Problem } from './problem';

/** A way to be let in; `authenticate` answers who calls. */
export interface Access<Caller> {
  readonly name: 'public' | 'writeKey' | 'adminKey' | 'userToken';
  /** The credentials may be in the body where there is no Authorization header. */
  readonly inBody: boolean;
  /** @throws {Problem} 401 */
  authenticate(request: Request): Promise<Caller>;
}

/** The ways in. A user token answers with the id it was made for. */
export interface Gates {
  readonly anyone: Access<null>;
  readonly writeKey: Access<null>;
  readonly adminKey: Access<null>;
  readonly userToken: Access<string>;
}

/**
 * Opens the ways in for the configured keys.
 * @param hasBecomeAnother whether a user id is only another's former one
 */
export function gates(
  { writeKey, adminKey, secret }: Pick<Config, 'writeKey' | 'adminKey' | 'secret'>,
  hasBecomeAnother: (userId: string) => Promise<boolean>,
): Gates {
  const isWriteKey = comparison(writeKey);
  const isAdminKey = comparison(adminKey);
  return {
    anyone: { name: 'public', inBody: false, authenticate: async () => null },
    writeKey: {
      name: 'writeKey',
      inBody: true,
      authenticate: async (request) => {
        const given = request.headers.authorization === undefined ? keyInBody(request) : basicUser(request);
        return isWriteKey(given)
          ? null
          : refuse('Basic', 'Send the write key as the user name of Basic authentication.');
      },
    },
    adminKey: {
      name: 'adminKey',
      inBody: false,
      authenticate: async (request) =>
        isAdminKey(bearer(request)) ? null : refuse('Bearer', 'Send the admin key as Authorization: Bearer.'),
    },
    userToken: {
      name: 'userToken',
      inBody: false,
      authenticate: async (request) => {
        const userId =
          (await verifyUserToken(secret, bearer(request))) ??
          refuse('Bearer', 'Send a valid user token as Authorization: Bearer; POST /v1/users/{id}/token makes one.');
        // A write key, which clients have, is enough to make one's own id a former one of somebody else's.
        return (await hasBecomeAnother(userId))
          ? refuse('Bearer', "The id of this token has become another's: let the app's server make a new token.")
          : userId;
      },
    },
  };
}

function refuse(scheme: string, detail: string): never {
  throw new Problem(401, { detail, headers: { 'WWW-Authenticate': `${scheme} realm="sojourn"` } });
}

/** Compares in constant time whatever the lengths: what is compared are digests. */
function comparison(key: string): (given: string) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(key);
  return (given) => timingSafeEqual(digest(given), expected);
}

function basicUser({ headers }: Request): string {
  const [, encoded = ''] = /^Basic +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const [user = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 1);
  return user;
}

function bearer({ headers }: Request): string {
  const [, token = ''] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  return token;
}

/** Segment's clients for browsers put the key into the body. */
function keyInBody({ body }: Request): string {
  const content: unknown = body;
  const key: unknown = typeof content === 'object' && content !== null && 'writeKey' in content ? content.writeKey : '';
  return typeof key === 'string' ? key : '';
}
