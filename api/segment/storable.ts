import type { JsonObject } from '../../engine/json';

/** Segment's limit for one call. */
export const MAX_BYTES = 32 * 1024;
/** Deeper than any event means to be, and far below what PostgreSQL's parser can take. */
const MAX_DEPTH = 32;

// PostgreSQL can store neither NUL nor half a surrogate pair in text or jsonb.
const UNSTORABLE = /\u0000|\p{Surrogate}/gu;
/** The same as escapes in JSON text. A false alarm (an escaped backslash before) only costs the slow path. */
const SUSPECT = /\\u(?:0000|d[89a-f])|"__proto__"/;

/** Text without the characters PostgreSQL can't store. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '');
}

/**
 * The text of a JSON object, without characters PostgreSQL can't store and without `__proto__`, which would mean something else to
 * whoever copies it key by key.
 * @returns `problem` in the place of `text` when it is too large or too deep
 */
export function storableJson(value: JsonObject): { readonly text: string } | { readonly problem: string } {
  if (isDeeper(value, MAX_DEPTH)) return { problem: `must not be nested more than ${MAX_DEPTH} deep` };
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > MAX_BYTES) return { problem: `must not be larger than ${MAX_BYTES / 1024} KB` };
  return { text: SUSPECT.test(text) ? JSON.stringify(value, storable) : text };
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((child) => isDeeper(child, depth - 1));
}

/** A replacer for `JSON.stringify`; it meets an object before what is in it. */
function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== '__proto__');
  return Object.fromEntries(entries.map(([key, child]: [string, unknown]) => [storableText(key), child]));
}
