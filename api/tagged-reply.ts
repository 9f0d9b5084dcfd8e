import { hash } from 'node:crypto';
import { z } from 'zod';
import { etagOf, isKnown } from './etag';
import type { Reply } from './route';

/** The header by which a client says what it has already. */
export const ifNoneMatch = z.object({
  'if-none-match': z.string().optional().meta({ description: 'The `ETag` of the last answer' }),
});

/** Answers with JSON and an `ETag` made of its content: 304 if the client has it already. */
export function taggedReply<Body>(body: Body, { 'if-none-match': known }: z.infer<typeof ifNoneMatch>): Reply<Body> {
  const etag = etagOf(hash('sha256', JSON.stringify(body), 'base64url'));
  const headers = { ETag: etag };
  return isKnown(known, etag) ? { status: 304, headers } : { status: 200, headers, body };
}
