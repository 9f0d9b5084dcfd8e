import type { Response } from 'express';

/** How long a browser may cache the response to a preflight request, in real seconds. */
const MAX_AGE_S = 86_400;

/**
 * Lets pages of any origin call a route. This is safe because access depends on the token they send, never on a cookie.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function allowAnyOrigin(response: Response): void {
  response.set('Access-Control-Allow-Origin', '*');
  response.set('Access-Control-Expose-Headers', 'Retry-After, X-Request-Id');
}

/** Responds to a preflight request. */
export function answerPreflight(response: Response, methods: readonly string[]): void {
  allowAnyOrigin(response);
  response.set({
    'Access-Control-Allow-Methods': methods.map((method) => method.toUpperCase()).join(', '),
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, Content-Encoding, X-Request-Id',
    'Access-Control-Max-Age': String(MAX_AGE_S),
  });
  response.status(204).end();
}
