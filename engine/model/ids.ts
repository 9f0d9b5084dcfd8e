import { v5 } from 'uuid';
import { storableText, type JsonObject } from './json';

const NAMESPACE = '5d6c0a0e-3b6f-4f0e-9d0c-2f6a6f1c7b11';

/** A run's id: the same user entering the same journey by the same trigger is the same run, however often it is told. */
export function runId(userId: string, journey: string, key: string | null, triggerId: string): string {
  return v5(JSON.stringify([userId, journey, key, triggerId]), NAMESPACE);
}

/** Characters of a key at most: an index over user, journey and key holds 2,700 bytes, of which a character takes three at most. */
const MAX_KEY = 500;
const DIGEST = 36;

/** A key as a run has it, which can be stored; of one that is too long the end is replaced by a digest. */
export function runKey(given: string): string {
  const key = storableText(given);
  return key.length > MAX_KEY ? storableText(key.slice(0, MAX_KEY - DIGEST)) + v5(key, NAMESPACE) : key;
}

/** A message's id: the same step of the same run is the same message. Serves as idempotency key at the providers. */
export function messageId(run: string, step: string): string {
  return v5(step, run);
}

/** What a message says, as far as its journey has a say in it: the same of the same template with the same data. */
export function contentId(template: string, data: JsonObject): string {
  return v5(JSON.stringify([template, data]), NAMESPACE);
}

/** A number in [0, 1) that depends only on its inputs, spread evenly: for experiments. */
export function fraction(...parts: readonly string[]): number {
  return parseInt(v5(JSON.stringify(parts), NAMESPACE).slice(0, 8), 16) / 2 ** 32;
}
