import { createPublicKey, type KeyObject } from 'node:crypto';

/**
 * Reads a public key (SPKI, DER) from base64.
 * @throws when the text is none
 */
export function publicKeyOf(base64: string): KeyObject {
  return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
}

/** Whether a text is a public key in base64. */
export function isPublicKey(base64: string): boolean {
  try {
    publicKeyOf(base64);
    return true;
  } catch {
    return false;
  }
}
