import { createHmac, createSecretKey } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { CHANNEL_NAME } from '../engine/model/channels';

const ALGORITHM = 'HS256';
const UNSUBSCRIBE = 'unsubscribe';
const USER = 'user';
const ANSWER = 'answer';
const SESSION = 'session';
const PREFERENCES = 'preferences';
const CONFIRM = 'confirm';

const unsubscribeClaims = z.object({
  sub: z.string(),
  channel: z.string().regex(CHANNEL_NAME),
  jti: z.string(),
  topic: z.string().optional(),
});
const preferencesClaims = z.object({ sub: z.string() });
const confirmClaims = z.object({ sub: z.string(), topic: z.string(), until: z.number() });
const answerClaims = z.object({ jti: z.uuid(), value: z.string() });
const userClaims = z.object({ sub: z.string(), exp: z.number() });
const sessionClaims = z.object({ exp: z.number() });

/** What an unsubscribe link identifies: the user, the channel, the topic, and the message that contained the link. */
export interface Unsubscribe {
  readonly userId: string;
  readonly channel: z.infer<typeof unsubscribeClaims>['channel'];
  readonly messageId: string;
  /** The topic of the message. Null or absent if it had none: the link then concerns all messages of the channel. */
  readonly topic?: string | null | undefined;
}

/**
 * Creates the token of an unsubscribe link: a JWT (RFC 7519) that never expires. Every attempt to send the message gets the same. It
 * is signed here because every message needs one, and `jose` takes several times as long.
 */
export function signUnsubscribe(secret: string, { userId, channel, messageId, topic }: Unsubscribe): string {
  return signLink(secret, { channel, ...(topic != null && { topic }), sub: userId, jti: messageId, aud: UNSUBSCRIBE });
}

/** Creates the token of a link to a user's preference page. It never expires. */
export function signPreferences(secret: string, userId: string): string {
  return signLink(secret, { sub: userId, aud: PREFERENCES });
}

/** Reads the token of a link to a preference page, and returns the user's id; null when the token is not valid. */
export async function verifyPreferences(secret: string, token: string): Promise<string | null> {
  return (await verify(secret, token, PREFERENCES, preferencesClaims))?.sub ?? null;
}

/** What a link identifies that confirms a topic. */
export interface ConfirmLink {
  readonly userId: string;
  readonly topic: string;
  /** Until when it can be used, epoch milliseconds of the journey clock. */
  readonly until: number;
}

/**
 * Creates the token of a link that confirms a topic. Every attempt to send the message gets the same. Its end is on the journey clock,
 * which tokens of other kinds do not know, so whoever reads it compares it.
 */
export function signConfirm(secret: string, { userId, topic, until }: ConfirmLink): string {
  return signLink(secret, { topic, until, sub: userId, aud: CONFIRM });
}

/** Reads the token of a link that confirms a topic, whether or not its time is over; null when the token is not valid. */
export async function verifyConfirm(secret: string, token: string): Promise<ConfirmLink | null> {
  const claims = await verify(secret, token, CONFIRM, confirmClaims);
  return claims && { userId: claims.sub, topic: claims.topic, until: claims.until };
}

/** What a link that answers a question identifies: the message that contained it, and the choice. */
export interface AnswerLink {
  readonly messageId: string;
  readonly value: string;
}

/**
 * Creates the token of a link that answers a question. It names no user. It does not expire by itself: the message tells until when the
 * question can be answered.
 */
export function signAnswer(secret: string, { messageId, value }: AnswerLink): string {
  return signLink(secret, { value, jti: messageId, aud: ANSWER });
}

/** Reads the token of a link that answers a question; null when the token is not valid. */
export async function verifyAnswer(secret: string, token: string): Promise<AnswerLink | null> {
  const claims = await verify(secret, token, ANSWER, answerClaims);
  return claims && { messageId: claims.jti, value: claims.value };
}

function signLink(secret: string, claims: Readonly<Record<string, string | number>>): string {
  const content = [{ alg: ALGORITHM }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

/** Reads the token of an unsubscribe link; null when the token is not valid. */
export async function verifyUnsubscribe(secret: string, token: string): Promise<Unsubscribe | null> {
  const claims = await verify(secret, token, UNSUBSCRIBE, unsubscribeClaims);
  return claims && { userId: claims.sub, channel: claims.channel, messageId: claims.jti, topic: claims.topic ?? null };
}

/**
 * Creates a token for a user's own client: for the inbox, the preferences and notifications of that user.
 * @param ttlMs the lifetime in real milliseconds
 * @param now real epoch milliseconds
 */
export async function signUserToken(secret: string, userId: string, ttlMs: number, now = Date.now()): Promise<string> {
  const expiry = new Date(now + ttlMs);
  return sign(secret, new SignJWT().setSubject(userId).setAudience(USER).setExpirationTime(expiry));
}

/** What a user token says. */
export interface UserToken {
  readonly userId: string;
  /** Real epoch milliseconds. */
  readonly expiresAt: number;
}

/**
 * Reads a user token; null when the token is not valid or has expired.
 * @param now real epoch milliseconds
 */
export async function verifyUserToken(secret: string, token: string, now = Date.now()): Promise<UserToken | null> {
  const claims = await verify(secret, token, USER, userClaims, now);
  return claims && { userId: claims.sub, expiresAt: claims.exp * 1_000 };
}

/** The keys on which a session depends. It ends when either is replaced. */
export interface SessionKeys {
  readonly secret: string;
  readonly adminKey: string;
}

/**
 * Creates the token of a session in which a person reads pages after they have given the admin key.
 * @param ttlMs the lifetime in real milliseconds
 * @param now real epoch milliseconds
 */
export async function signSession(keys: SessionKeys, ttlMs: number, now: number): Promise<string> {
  const token = new SignJWT().setAudience(SESSION).setExpirationTime(new Date(now + ttlMs));
  return sign(sessionSecret(keys), token);
}

/**
 * Tells whether the token of a session is valid.
 * @param now real epoch milliseconds
 */
export async function isSession(keys: SessionKeys, token: string, now: number): Promise<boolean> {
  return (await verify(sessionSecret(keys), token, SESSION, sessionClaims, now)) !== null;
}

function sessionSecret({ secret, adminKey }: SessionKeys): string {
  return createHmac('sha256', secret).update(adminKey).digest('base64');
}

function sign(secret: string, token: SignJWT): Promise<string> {
  return token.setProtectedHeader({ alg: ALGORITHM }).sign(createSecretKey(secret, 'utf8'));
}

async function verify<Claims>(
  secret: string,
  token: string,
  audience: string,
  schema: z.ZodType<Claims>,
  now = Date.now(),
): Promise<Claims | null> {
  try {
    const options = { audience, algorithms: [ALGORITHM], currentDate: new Date(now) };
    const { payload } = await jwtVerify(token, createSecretKey(secret, 'utf8'), options);
    return schema.parse(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError) return null;
    throw error;
  }
}
