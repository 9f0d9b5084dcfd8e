import { v5 } from 'uuid';
import { storableText, type JsonObject } from './json';

const NAMESPACE = '5d6c0a0e-3b6f-4f0e-9d0c-2f6a6f1c7b11';

/** The form of a journey's id: lower-case words and digits joined by hyphens, at most 80 characters. */
export const JOURNEY_ID = /^(?=.{1,80}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/** A run's id. It depends only on the user, the journey, the key and the trigger, so a repeated entry is the same run. */
export function runId(userId: string, journey: string, key: string | null, triggerId: string): string {
  return v5(JSON.stringify([userId, journey, key, triggerId]), NAMESPACE);
}

/** The most characters of a key. An index entry of user, journey and key has 2,700 bytes, and a character takes up to three. */
const MAX_KEY = 500;
const DIGEST = 36;

/**
 * The key a run has for a given text: without characters a database can't hold. If it is too long, a digest replaces its end.
 */
export function runKey(given: string): string {
  const key = storableText(given);
  return key.length > MAX_KEY ? storableText(key.slice(0, MAX_KEY - DIGEST)) + v5(key, NAMESPACE) : key;
}

/** A message's id. It depends only on the run and the step. Providers get it as the idempotency key. */
export function messageId(run: string, step: string): string {
  return v5(step, run);
}

/** Identifies the content of a message. It is the same for the same template with the same data. */
export function contentId(template: string, data: JsonObject): string {
  return v5(JSON.stringify([template, data]), NAMESPACE);
}

/** A digest of a text. */
export function textId(text: string): string {
  return v5(text, NAMESPACE);
}

/** A number in [0, 1) that depends only on the parts and is spread evenly. Experiments assign variants by it. */
export function fraction(...parts: readonly string[]): number {
  return parseInt(v5(JSON.stringify(parts), NAMESPACE).slice(0, 8), 16) / 2 ** 32;
}
