import { bearerToken } from '../../config/bearer';
import { keyComparison } from '../../config/key-comparison';
import type { ReceiptRequest } from './source';

/** Whether a request has a token in its header `Authorization: Bearer`. It signs nothing: whoever has the token can report anything. */
export function hasToken({ headers }: ReceiptRequest, token: string): boolean {
  return keyComparison(token)(bearerToken(headers.authorization));
}
