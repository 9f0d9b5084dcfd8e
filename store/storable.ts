import { storableText } from '../engine/model/json';

/** What PostgreSQL can't store in text or jsonb, as escapes in JSON text, and `__proto__`. A false alarm (an escaped backslash before) only costs the slow path. */
const SUSPECT = /\\u(?:0000|d[89a-f])|"__proto__"/;

/**
 * A value as JSON text, without characters PostgreSQL can't store and without `__proto__`, which would mean something else to
 * whoever copies it key by key.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return SUSPECT.test(text) ? JSON.stringify(value, storable) : text;
}

/** A replacer for `JSON.stringify`; it meets an object before what is in it. */
function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== '__proto__');
  return Object.fromEntries(entries.map(([key, child]: [string, unknown]) => [storableText(key), child]));
}
