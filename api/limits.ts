import { isIPv4 } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { Problem } from './problem';
import { runMiddleware } from './run-middleware';

/** What proves who a caller is. */
export type Credentials = 'public' | 'writeKey' | 'adminKey' | 'userToken' | 'signedLink' | 'receipt';

/**
 * Requests allowed in {@link WINDOW_MS}, by what a caller has proven: per user for tokens and links, per address for all others.
 * `refused` limits wrong keys, tokens and links, per address, and never counts a right one.
 */
export type Limits = Readonly<Record<Credentials | 'refused', number>>;

/** Which limit counts a request, and for which user; null when it counts by address. */
export interface Counted {
  readonly limit: keyof Limits;
  readonly user: string | null;
}

/** The length of the rate-limit window, in real milliseconds. */
const WINDOW_MS = 10_000;

/** Far above what one honest client needs, and far below what would starve the others. */
export const DEFAULT_LIMITS: Limits = {
  public: 1_000,
  writeKey: 20_000,
  adminKey: 5_000,
  userToken: 300,
  signedLink: 100,
  receipt: 20_000,
  refused: 100,
};

/** Counts a request, and rejects with 429 when it is one too many. */
export type CountRequest = (request: Request, response: Response, counted: Counted) => Promise<void>;

/** Creates the rate limits. Each process counts alone. */
export function rateLimits(limits: Limits): CountRequest {
  const limiters: Readonly<Record<keyof Limits, RequestHandler>> = {
    public: limiter(limits.public),
    writeKey: limiter(limits.writeKey),
    adminKey: limiter(limits.adminKey),
    userToken: limiter(limits.userToken),
    signedLink: limiter(limits.signedLink),
    receipt: limiter(limits.receipt),
    refused: limiter(limits.refused),
  };
  return async (request, response, { limit, user }) => {
    response.locals['counted'] = user ?? addressKey(request.ip ?? '');
    await runMiddleware(limiters[limit], request, response);
  };
}

/** What a socket of both families writes before the address of a client by IPv4. */
const MAPPED = '::ffff:';

/** What requests of an address are counted under. `ipKeyGenerator` does the same for IPv4, by parsing it as IPv6 first. */
function addressKey(ip: string): string {
  const short = ip.startsWith(MAPPED) ? ip.slice(MAPPED.length) : ip;
  return isIPv4(short) ? short : ipKeyGenerator(ip);
}

function limiter(limit: number): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit,
    keyGenerator: (_request, { locals }: Response) => String(locals['counted']),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // The address is that of the client where TRUSTED_PROXIES says who may tell it. Otherwise forwarded headers are ignored.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (_request, response, next) => {
      const retryAfter = Number(response.getHeader('Retry-After') ?? WINDOW_MS / 1_000);
      next(
        new Problem(429, { detail: 'Too many requests. Wait for the number of seconds in Retry-After.', retryAfter }),
      );
    },
  });
}
