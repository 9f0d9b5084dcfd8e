import type { JsonObject } from '../../engine/model/json';
import { jsonText } from '../../store/storable';

/** Segment's limit for one call, in bytes. */
export const MAX_BYTES = 32 * 1024;
/** The deepest nesting: more than any event needs, and far less than PostgreSQL's parser accepts. */
const MAX_DEPTH = 32;

/**
 * Converts a JSON object to text that PostgreSQL can store; see `jsonText`.
 * @param maxBytes the largest size of the text
 * @returns `problem` instead of `text` when the object is too large or too deep
 */
export function storableJson(
  value: JsonObject,
  maxBytes = MAX_BYTES,
): { readonly text: string } | { readonly problem: string } {
  if (isDeeper(value, MAX_DEPTH)) return { problem: `must not be nested more than ${MAX_DEPTH} levels deep` };
  const text = jsonText(value);
  // No character takes more than three bytes, so most texts need not be measured.
  if (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)
    return { problem: `must not be larger than ${maxBytes / 1024} KB` };
  return { text };
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  for (const child of Object.values(value)) if (isDeeper(child, depth - 1)) return true;
  return false;
}
