import type { Request } from 'express';
import { bearerToken } from '../config/bearer';
import type { Config } from '../config/config';
import { keyComparison } from '../config/key-comparison';
import {
  isSession,
  verifyAnswer,
  verifyUnsubscribe,
  verifyUserToken,
  type AnswerLink,
  type Unsubscribe,
  type UserToken,
} from '../config/tokens';
import type { Clock } from '../engine/model/clock';
import type { Mergeable } from '../store/merge-users';
import type { Counted, Credentials } from './limits';
import { Problem } from './problem';
import { sessionIn } from './session';

/** One authentication scheme. `authenticate` returns the caller. */
export interface Access<Caller> {
  readonly name: Credentials | 'flagReader';
  /** Whether the body may carry the credentials when there is no Authorization header; `signed` if it is needed in any case. */
  readonly inBody: boolean | 'signed';
  /** @throws {Problem} 401 when the credentials are missing or wrong */
  authenticate(request: Request): Promise<Caller>;
  /** Which limit counts the requests of a caller, and for which user. */
  counted(caller: Caller): Counted;
}

/** The sender of events, as its key identifies it. */
export interface Sender {
  readonly mergeable: Mergeable;
  /** It has the admin key. */
  readonly isAdmin: boolean;
}

/**
 * All authentication schemes. `userToken` returns the user id the token was issued for. `signedLink` and `answerLink` return what the link in the
 * path identifies, or null when the link is not valid: people who open one get a page, so it is not refused here.
 */
export interface Gates {
  readonly anyone: Access<null>;
  /** Lets the admin key in, too. */
  readonly writeKey: Access<Sender>;
  readonly adminKey: Access<null>;
  readonly userToken: Access<string>;
  /** As `userToken`, for requests that may outlast the token. */
  readonly lastingToken: Access<UserToken>;
  /** A user token or the admin key: the user of the token; null for the admin key. */
  readonly flagReader: Access<string | null>;
  /** Whether a person has signed in. Pages let everybody in: they show those who have not a form. */
  readonly session: Access<boolean>;
  /** Whether the admin key that a form has is the right one. */
  readonly keyInForm: Access<boolean>;
  readonly signedLink: Access<Unsubscribe | null>;
  readonly answerLink: Access<AnswerLink | null>;
}

/**
 * Creates the authentication schemes for the configured keys.
 * @param clock tells whether a token has expired
 * @param isAlias whether a user id has become an alias of another user
 */
export function gates(
  config: Pick<Config, 'writeKey' | 'adminKey' | 'secret' | 'mergeUsersWith' | 'publicUrl'>,
  clock: Pick<Clock, 'real'>,
  isAlias: (userId: string) => Promise<boolean>,
): Gates {
  const { writeKey, adminKey, secret, mergeUsersWith } = config;
  const isWriteKey = keyComparison(writeKey);
  const isAdminKey = keyComparison(adminKey);
  const byAddress = (limit: Credentials) => () => ({ limit, user: null });
  const tokenIn = async (request: Request): Promise<UserToken> => {
    const token =
      (await verifyUserToken(secret, bearer(request), clock.real())) ??
      refuse(
        'Bearer',
        'Send a valid user token in the header Authorization: Bearer. POST /v1/users/{id}/token creates one.',
      );
    // Every client has the write key, and with it can turn its own id into an alias of another user.
    return (await isAlias(token.userId))
      ? refuse(
          'Bearer',
          "The user id of this token is now an alias of another user. Request a new token from the app's server.",
        )
      : token;
  };
  return {
    anyone: { name: 'public', inBody: false, counted: byAddress('public'), authenticate: async () => null },
    signedLink: {
      name: 'signedLink',
      inBody: false,
      authenticate: ({ params }) => verifyUnsubscribe(secret, String(params['token'])),
      counted: (link) => (link ? { limit: 'signedLink', user: link.userId } : { limit: 'refused', user: null }),
    },
    answerLink: {
      name: 'signedLink',
      inBody: false,
      authenticate: ({ params }) => verifyAnswer(secret, String(params['token'])),
      // It names no user, and a message has only one.
      counted: (link) => (link ? { limit: 'signedLink', user: link.messageId } : { limit: 'refused', user: null }),
    },
    writeKey: {
      name: 'writeKey',
      inBody: true,
      counted: byAddress('writeKey'),
      authenticate: async (request) => {
        // The admin key does not belong in a body: those who send their key there are browsers.
        const { authorization } = request.headers;
        if (authorization !== undefined && isAdminKey(basicUser(request) || bearer(request))) {
          return { mergeable: 'users', isAdmin: true };
        }
        return isWriteKey(authorization === undefined ? keyInBody(request) : basicUser(request))
          ? { mergeable: mergeUsersWith === 'write-key' ? 'users' : 'visitors', isAdmin: false }
          : refuse('Basic', 'Send the write key as the user name of HTTP Basic authentication.');
      },
    },
    adminKey: {
      name: 'adminKey',
      inBody: false,
      counted: byAddress('adminKey'),
      authenticate: async (request) =>
        isAdminKey(bearer(request))
          ? null
          : refuse('Bearer', 'Send the admin key in the header Authorization: Bearer.'),
    },
    session: {
      name: 'public',
      inBody: false,
      counted: (isSignedIn) => ({ limit: isSignedIn ? 'adminKey' : 'public', user: null }),
      authenticate: (request) => isSession(config, sessionIn(request, config), clock.real()),
    },
    keyInForm: {
      name: 'public',
      inBody: true,
      counted: (isRight) => ({ limit: isRight ? 'adminKey' : 'refused', user: null }),
      authenticate: async ({ body }) => isAdminKey(fieldOf(body, 'adminKey')),
    },
    userToken: {
      name: 'userToken',
      inBody: false,
      counted: (user) => ({ limit: 'userToken', user }),
      authenticate: async (request) => (await tokenIn(request)).userId,
    },
    lastingToken: {
      name: 'userToken',
      inBody: false,
      counted: ({ userId }) => ({ limit: 'userToken', user: userId }),
      authenticate: tokenIn,
    },
    flagReader: {
      name: 'flagReader',
      inBody: false,
      counted: (user) => ({ limit: user === null ? 'adminKey' : 'userToken', user }),
      authenticate: async (request) => (isAdminKey(bearer(request)) ? null : (await tokenIn(request)).userId),
    },
  };
}

function refuse(scheme: string, detail: string): never {
  throw new Problem(401, { detail, headers: { 'WWW-Authenticate': `${scheme} realm="sojourn"` } });
}

function basicUser({ headers }: Request): string {
  const [, encoded = ''] = /^Basic +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const [user = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 1);
  return user;
}

function bearer({ headers }: Request): string {
  return bearerToken(headers.authorization);
}

/** The write key in the body, where Segment's browser clients put it; empty when there is none. */
function keyInBody({ body }: Request): string {
  return fieldOf(body, 'writeKey');
}

/** The text in a field of a body that is not validated yet; empty when there is none. */
function fieldOf(body: unknown, name: string): string {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : '';
  return typeof value === 'string' ? value : '';
}
