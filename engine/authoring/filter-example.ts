import type { Json, JsonObject } from '../model/json';
import { asComparison, keysOf, passesTest, type Comparison, type Test, type Tests } from './filter';

/**
 * The properties, changed so that they pass the tests as far as that can be told: a tested property that does not pass gets the
 * value that the test names, or one next to it.
 */
export function adapted(properties: JsonObject, tests: Tests): JsonObject {
  return Object.entries(tests).reduce<JsonObject>(
    (changed, [path, test]) => change(changed, keysOf(changed, path), test) as JsonObject,
    properties,
  );
}

function change(value: Json | undefined, [key, ...rest]: readonly string[], test: Test): Json | undefined {
  if (key === undefined) return passesTest(test, value) ? value : candidates(test, value).find(pass(test));
  if (Array.isArray(value))
    return key === 'length'
      ? ofLength(value, change(value.length, rest, test))
      : value.map((item, index) => (String(index) === key ? (change(item, rest, test) ?? null) : item));
  const object = typeof value === 'object' && value !== null ? value : {};
  const { [key]: current, ...others } = object;
  const changed = change(current, rest, test);
  return changed === undefined ? others : { ...object, [key]: changed };
}

function pass(test: Test): (value: Json | undefined) => boolean {
  return (value) => passesTest(test, value);
}

function ofLength(list: readonly Json[], length: Json | undefined): Json[] {
  if (typeof length !== 'number' || length < 0 || length > 1_000) return [...list];
  return Array.from({ length }, (_, index) => list[index] ?? list[0] ?? {});
}

/** Values that may pass a test. */
function candidates(test: Test, value: Json | undefined): readonly (Json | undefined)[] {
  const comparison = asComparison(test);
  if (!comparison) return [test as Json].flat();
  return [...near(comparison, value), ...TRIED];
}

function near(
  { atLeast, atMost, over, under, contains }: Comparison,
  value: Json | undefined,
): readonly (Json | undefined)[] {
  const numbers = [
    atLeast,
    over === undefined ? undefined : over + 1,
    atMost,
    under === undefined ? undefined : under - 1,
  ];
  const between = over !== undefined && under !== undefined ? [(over + under) / 2] : [];
  const items = contains === undefined ? [] : [Array.isArray(value) ? [...value, contains] : contains, [contains]];
  return [...numbers.filter((number) => number !== undefined), ...between, ...items];
}

/** Values to try where a test names none. */
const TRIED: readonly (Json | undefined)[] = ['text', 1, true, false, [], {}, undefined];
