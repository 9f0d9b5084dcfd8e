import type { JsonObject } from '../../engine/model/json';
import { jsonText } from '../../store/storable';

/** Segment's limit for one call. */
export const MAX_BYTES = 32 * 1024;
/** Deeper than any event means to be, and far below what PostgreSQL's parser can take. */
const MAX_DEPTH = 32;

/**
 * The text of a JSON object as it can be stored; see `jsonText`.
 * @param maxBytes of its text
 * @returns `problem` in the place of `text` when it is too large or too deep
 */
export function storableJson(
  value: JsonObject,
  maxBytes = MAX_BYTES,
): { readonly text: string } | { readonly problem: string } {
  if (isDeeper(value, MAX_DEPTH)) return { problem: `must not be nested more than ${MAX_DEPTH} deep` };
  const text = jsonText(value);
  if (Buffer.byteLength(text) > maxBytes) return { problem: `must not be larger than ${maxBytes / 1024} KB` };
  return { text };
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((child) => isDeeper(child, depth - 1));
}
