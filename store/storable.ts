import { storableText } from '../engine/model/json';

/**
 * Returns a value as JSON text, without characters that PostgreSQL can't store. Keys `__proto__` are left out too: code that copies
 * an object key by key would set its prototype instead.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  // What PostgreSQL can't store is escaped in JSON. Other text that holds these parts only costs the slow path.
  return text.includes('\\u') || text.includes('__proto__') ? JSON.stringify(value, storable) : text;
}

/** A replacer for `JSON.stringify`, which calls it for an object before its properties. */
function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== '__proto__');
  return Object.fromEntries(entries.map(([key, child]: [string, unknown]) => [storableText(key), child]));
}
