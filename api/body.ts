import express, { type Request, type Response } from 'express';
import { parseExactly } from '../engine/model/exact-json';
import { Problem } from './problem';
import type { BodyType, Route } from './route';
import { runMiddleware } from './run-middleware';

/** Largest body, in bytes, both as sent and decompressed: Segment's limit for a batch. */
export const BODY_LIMIT_BYTES = 500 * 1024;
/** Largest body of a raw route, in the same way: SendGrid sends batches of up to 768 KB, and does not send them again in parts. */
export const RAW_BODY_LIMIT_BYTES = 1_000 * 1024;
const JSON_ONLY: readonly BodyType[] = ['application/json'];
/** What a body without a Content-Type counts as (RFC 9110, section 8.3). */
const UNTYPED: BodyType = 'application/octet-stream';

/**
 * Creates the body reader of a route. It parses every accepted Content-Type as JSON, or as a form if the route takes forms, and
 * decompresses gzip, deflate and br. Of a raw route it keeps the bytes.
 * @returns a function that sets `request.body`; it rejects with 415 for other types, and with an error of Express for other faults
 */
export function bodyReader({
  bodyTypes = JSON_ONLY,
  form = false,
  raw = false,
  schemas,
}: Route): (request: Request, response: Response) => Promise<void> {
  if (!schemas.body) return async () => undefined;
  if (raw) {
    const bytes = express.raw({ limit: RAW_BODY_LIMIT_BYTES, type: () => true });
    return async (request, response) => {
      await runMiddleware(bytes, request, response);
      if (!Buffer.isBuffer(request.body)) request.body = Buffer.alloc(0);
    };
  }
  const types = bodyTypes.map(String);
  const parser = express.text({ limit: BODY_LIMIT_BYTES, type: () => true });
  const accepts = (request: Request): boolean =>
    request.is(types) !== false || (!request.headers['content-type'] && types.includes(UNTYPED));
  return async (request, response) => {
    if (request.headers['content-length'] === '0') return;
    if (!accepts(request)) throw new Problem(415, { detail: `The Content-Type must be ${types.join(' or ')}.` });
    await runMiddleware(parser, request, response);
    request.body = form ? fieldsOf(request.body) : parsed(request.body);
  };
}

/** @throws {Problem} 400 when the text of a body is not JSON */
function parsed(body: unknown): unknown {
  if (typeof body !== 'string' || body === '') return undefined;
  try {
    return parseExactly(body);
  } catch {
    throw new Problem(400, { detail: 'The body must be valid JSON.' });
  }
}

/** The fields of a form, of several with one name the last. */
function fieldsOf(body: unknown): unknown {
  return Object.fromEntries(new URLSearchParams(typeof body === 'string' ? body : ''));
}
