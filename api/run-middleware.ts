import { types } from 'node:util';
import type { Request, RequestHandler, Response } from 'express';

/** Adapts an Express middleware to a promise: it resolves when the middleware calls `next`, and rejects on an error. */
export async function runMiddleware(middleware: RequestHandler, request: Request, response: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const next = (error?: unknown): void =>
      error === undefined
        ? resolve()
        : reject(types.isNativeError(error) ? error : new Error('A middleware failed.', { cause: error }));
    void Promise.resolve(middleware(request, response, next)).catch(reject);
  });
}
