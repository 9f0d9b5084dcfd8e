import type { Json } from 'sojourn';

/** An address as it can be compared; null if there is none. */
export function plainAddress(address: Json | undefined): string | null {
  return typeof address === 'string' ? address.trim().toLowerCase() : null;
}
