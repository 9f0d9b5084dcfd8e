import { ANY_EVENT_NAME } from '../model/activity';
import type { Json } from '../model/json';
import type { EventDefinition } from './event';
import type { StandardIssue } from './standard-schema';

/** Values to try where the example has none: one of them passes most schemas. */
const TRIED: readonly Json[] = ['text', 1, true, [], {}, null];

/**
 * Can the event have this property? It can if its example has it, if its schema keeps or judges a value there, or if nothing is
 * known about the event. A schema that answers later is not asked.
 * @param keys the keys that lead to the property: `['address', 'city']`
 */
export function hasProperty({ name, example, schema }: EventDefinition<unknown>, keys: readonly string[]): boolean {
  if (name === ANY_EVENT_NAME || has(example, keys)) return true;
  return (
    schema !== null && TRIED.some((value) => knows(schema['~standard'].validate(withValue(example, keys, value)), keys))
  );
}

function knows(
  result: ReturnType<NonNullable<EventDefinition<unknown>['schema']>['~standard']['validate']>,
  keys: readonly string[],
): boolean {
  if (result instanceof Promise) return true;
  return result.issues ? result.issues.some((issue) => isAbout(issue, keys)) : has(result.value, keys);
}

function isAbout({ path = [] }: StandardIssue, keys: readonly string[]): boolean {
  return keys.every((key, index) => {
    const part = path[index];
    return String(typeof part === 'object' ? part.key : part) === key;
  });
}

function has(value: unknown, keys: readonly string[]): boolean {
  const [key, ...rest] = keys;
  if (key === undefined) return true;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) && has(Reflect.get(value, key), rest);
}

function withValue(example: Json | undefined, keys: readonly string[], value: Json): Json {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const object = typeof example === 'object' && example !== null && !Array.isArray(example) ? example : {};
  return { ...object, [key]: withValue(object[key], rest, value) };
}
