import express, { type Request, type Response } from 'express';
import { runMiddleware } from './run-middleware';
import { Problem } from './problem';
import type { BodyType, Route } from './route';

/** Segment's limit for a batch, for what is sent and for what it decompresses to. */
const LIMIT = 500 * 1024;
const JSON_ONLY: readonly BodyType[] = ['application/json'];

/**
 * How the body of a route is read: always as JSON, whatever the type is called; gzip, deflate and br are undone, within the limit.
 * @returns a function that reads `request.body`
 * @throws {Problem} 415
 */
export function bodyReader({
  bodyTypes = JSON_ONLY,
  schemas,
}: Route): (request: Request, response: Response) => Promise<void> {
  if (!schemas.body) return async () => undefined;
  const types = bodyTypes.map(String);
  const parser = express.json({ limit: LIMIT, type: types });
  return async (request, response) => {
    if (request.headers['content-length'] === '0') return;
    if (request.is(types) === false)
      throw new Problem(415, { detail: `The Content-Type must be ${types.join(' or ')}.` });
    await runMiddleware(parser, request, response);
  };
}
