import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Access } from './auth';
import { Problem } from './problem';

/** Requests per {@link WINDOW_MS} and caller (without one, per address) by the way in; `refused` counts wrong keys per address. */
export type Limits = Readonly<Record<Access<unknown>['name'] | 'refused', number>>;

/** Real milliseconds. */
const WINDOW_MS = 10_000;

/** Far above what one honest client does, far below what would starve the others. */
export const DEFAULT_LIMITS: Limits = {
  public: 1_000,
  writeKey: 20_000,
  adminKey: 5_000,
  userToken: 300,
  refused: 100,
};

/** A middleware per kind of request; each counts in this process alone. Who calls is in `response.locals.caller`. */
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
    // An address is only a key for who has no other; what a proxy says of it is not asked.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (_request, response, next) => {
      const retryAfter = Number(response.getHeader('Retry-After') ?? WINDOW_MS / 1_000);
      next(new Problem(429, { detail: 'Too many requests.', retryAfter }));
    },
  });
}

function addressOf({ ip = '' }: Request): string {
  return ipKeyGenerator(ip);
}

/** Whom the gate let in. The same key can be written in many ways, so what is counted is never the text of a header. */
function callerOf(_request: Request, { locals }: Response): string {
  return String(locals['caller']);
}
