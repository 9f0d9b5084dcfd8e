import { z } from 'zod';

// Paths are resolved against this base. Only its origin matters.
const BASE = 'http://path.invalid';

function isLink(text: string): boolean {
  if (!URL.canParse(text, BASE)) return false;
  const { protocol, origin } = new URL(text, BASE);
  // Like browsers, the parser drops tabs and reads a backslash as a slash, so `/\evil` leaves the origin.
  if (text.startsWith('/')) return origin === BASE;
  return URL.canParse(text) && (protocol === 'https:' || protocol === 'http:');
}

/** Schema of an address that a message may lead to. */
export const link = z.string().refine(isLink, 'must be an http(s) address or a path that begins with /');
