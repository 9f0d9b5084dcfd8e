import { toMs, type Duration } from '../engine/duration';

/**
 * Reads a moment a person typed: ISO 8601, or a span before now such as `30 days`.
 * @param now epoch milliseconds
 * @throws {TypeError} when it is neither
 */
export function readMoment(text: string, now: number): number {
  const at = /^\d{4}-\d\d/.test(text) ? Date.parse(text) : now - toMs(text as Duration);
  if (Number.isNaN(at)) throw new TypeError(`Not a moment: '${text}'. Write for example '2026-05-01T09:00:00Z'.`);
  return at;
}
