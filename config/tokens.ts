import { createSecretKey } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { CHANNELS } from '../engine/model/state';

const ALGORITHM = 'HS256';
const UNSUBSCRIBE = 'unsubscribe';
const USER = 'user';

const unsubscribeClaims = z.object({ sub: z.string(), channel: z.enum(CHANNELS), jti: z.string() });
const userClaims = z.object({ sub: z.string() });

/** Whom an unsubscribe link is for, from which channel, and the message it was in. */
export interface Unsubscribe {
  readonly userId: string;
  readonly channel: z.infer<typeof unsubscribeClaims>['channel'];
  readonly messageId: string;
}

/** The token of an unsubscribe link: a JWT (RFC 7519) that never expires, the same at every attempt to send the message. */
export async function signUnsubscribe(secret: string, { userId, channel, messageId }: Unsubscribe): Promise<string> {
  return sign(secret, new SignJWT({ channel }).setSubject(userId).setJti(messageId).setAudience(UNSUBSCRIBE));
}

/** What the token of an unsubscribe link says; null when we have not signed it for that. */
export async function verifyUnsubscribe(secret: string, token: string): Promise<Unsubscribe | null> {
  const claims = await verify(secret, token, UNSUBSCRIBE, unsubscribeClaims);
  return claims && { userId: claims.sub, channel: claims.channel, messageId: claims.jti };
}

/**
 * A token with which a user's own client reads and answers their in-app messages.
 * @param ttlMs how long it is good for, real milliseconds
 */
export async function signUserToken(secret: string, userId: string, ttlMs: number): Promise<string> {
  const expiry = new Date(Date.now() + ttlMs);
  return sign(secret, new SignJWT().setSubject(userId).setAudience(USER).setExpirationTime(expiry));
}

/** The id of the user a token is for; null when we have not signed it for that or its time is over. */
export async function verifyUserToken(secret: string, token: string): Promise<string | null> {
  const claims = await verify(secret, token, USER, userClaims);
  return claims && claims.sub;
}

function sign(secret: string, token: SignJWT): Promise<string> {
  return token.setProtectedHeader({ alg: ALGORITHM }).sign(createSecretKey(secret, 'utf8'));
}

async function verify<Claims>(
  secret: string,
  token: string,
  audience: string,
  schema: z.ZodType<Claims>,
): Promise<Claims | null> {
  try {
    const { payload } = await jwtVerify(token, createSecretKey(secret, 'utf8'), { audience, algorithms: [ALGORITHM] });
    return schema.parse(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError) return null;
    throw error;
  }
}
