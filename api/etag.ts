/** The entity tag of a version. */
export function etagOf(version: string): string {
  return `"${version}"`;
}

/**
 * Tells whether a client has this version already (RFC 9110, section 13.1.2). `request.fresh` of Express does not do: it takes
 * `Cache-Control: no-cache` for a wish to get it again, and browsers add that header whenever a page sets If-None-Match itself.
 * @param ifNoneMatch the header of the request
 */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
