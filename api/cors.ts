import type { Request, Response } from 'express';

/** How long a browser may cache the response to a preflight request, in real seconds. */
const MAX_AGE_S = 86_400;

/**
 * Lets pages of any origin call a route. This is safe because access depends on the token they send, never on a cookie.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function allowAnyOrigin(response: Response): void {
  response.set('Access-Control-Allow-Origin', '*');
  response.set('Access-Control-Expose-Headers', 'ETag, Retry-After, X-Request-Id');
}

/**
 * The headers of a request when the browser asks for none. A list, because `*` does not cover Authorization.
 */
const USUAL_HEADERS = 'Authorization, Content-Type, Content-Encoding, X-Request-Id';

/** Matches a list of header names (RFC 9110, section 5.6.2). */
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]+( *, *[\w!#$%&'*+.^`|~-]+)*$/;

/**
 * Responds to a preflight request. Any header is allowed: clients add their own, for example to count retries, and no header gives
 * access that its sender does not have already.
 */
export function answerPreflight(request: Request, response: Response, methods: readonly string[]): void {
  const asked = request.get('Access-Control-Request-Headers') ?? '';
  allowAnyOrigin(response);
  response.set({
    'Access-Control-Allow-Methods': methods.map((method) => method.toUpperCase()).join(', '),
    'Access-Control-Allow-Headers': HEADER_NAMES.test(asked) ? asked : USUAL_HEADERS,
    'Access-Control-Max-Age': String(MAX_AGE_S),
    Vary: 'Access-Control-Request-Headers',
  });
  response.status(204).end();
}
