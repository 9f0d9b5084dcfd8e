import { types } from 'node:util';
import type { Request, RequestHandler, Response } from 'express';

/** Runs an Express middleware as a step: done when it calls `next`, failed when it does so with an error. */
export async function pass(middleware: RequestHandler, request: Request, response: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const next = (error?: unknown): void =>
      error === undefined
        ? resolve()
        : reject(types.isNativeError(error) ? error : new Error('A middleware failed.', { cause: error }));
    void Promise.resolve(middleware(request, response, next)).catch(reject);
  });
}
