import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Access } from './auth';
import { Problem } from './problem';

/**
 * Requests allowed in {@link WINDOW_MS}, by authentication scheme. Public requests count per address, all others per caller.
 * `refused` limits wrong keys per address.
 */
export type Limits = Readonly<Record<Access<unknown>['name'] | 'refused', number>>;

/** The length of the rate-limit window, in real milliseconds. */
const WINDOW_MS = 10_000;

/** Far above what one honest client needs, and far below what would starve the others. */
export const DEFAULT_LIMITS: Limits = {
  public: 1_000,
  writeKey: 20_000,
  adminKey: 5_000,
  userToken: 300,
  refused: 100,
};

/** Creates a rate limiter for each kind of request. Each process counts alone. The caller is in `response.locals.caller`. */
export function limiters(limits: Limits): Readonly<Record<keyof Limits, RequestHandler>> {
  return {
    public: limiter(limits.public, addressOf),
    writeKey: limiter(limits.writeKey, callerOf),
    adminKey: limiter(limits.adminKey, callerOf),
    userToken: limiter(limits.userToken, callerOf),
    refused: limiter(limits.refused, addressOf),
  };
}

function limiter(limit: number, keyGenerator: (request: Request, response: Response) => string): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit,
    keyGenerator,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Requests without a caller count by their address. Proxy headers are ignored.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (_request, response, next) => {
      const retryAfter = Number(response.getHeader('Retry-After') ?? WINDOW_MS / 1_000);
      next(
        new Problem(429, { detail: 'Too many requests. Wait for the number of seconds in Retry-After.', retryAfter }),
      );
    },
  });
}

function addressOf({ ip = '' }: Request): string {
  return ipKeyGenerator(ip);
}

/** The authenticated caller. One key can be encoded in many ways, so the text of the header is never counted. */
function callerOf(_request: Request, { locals }: Response): string {
  return String(locals['caller']);
}
