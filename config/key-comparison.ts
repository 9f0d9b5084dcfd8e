import { hash, timingSafeEqual } from 'node:crypto';

/**
 * Returns a function that compares a given text with the key. It compares digests, so that the time taken reveals neither the key nor
 * its length.
 */
export function keyComparison(key: string): (given: string) => boolean {
  const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
  const expected = digest(key);
  return (given) => timingSafeEqual(digest(given), expected);
}
