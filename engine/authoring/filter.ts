import { z } from 'zod';
import { fields } from './fields';
import { copyOf, type Json, type JsonObject } from '../model/json';
import { getOwn } from '../model/own-property';
import type { RecordedEvent } from '../model/state';

/** A single value. `null` in a test also means that there is no such property. */
export type Scalar = string | number | boolean | null;

/** Comparisons with the value of a property. All that are given must hold. */
export interface Comparison<Value extends Scalar = Scalar> {
  /** The value is not this one, or none of these. */
  readonly not?: Value | null | readonly (Value | null)[];
  /** The value is a number of this size or more. */
  readonly atLeast?: number;
  /** The value is a number of this size or less. */
  readonly atMost?: number;
  /** The value is a larger number. */
  readonly over?: number;
  /** The value is a smaller number. */
  readonly under?: number;
  /** The value is a list that has this item, or a text that contains this text. */
  readonly contains?: Scalar;
  /** There is a value, and it is not null. False: there is none. */
  readonly exists?: boolean;
}

/** The single values of a type. A property that may be anything may be any of them. */
type ScalarOf<Value> = unknown extends Value ? Scalar : Extract<Value, Scalar>;

/** What a property must be: this value, one of these values, or what a comparison says. */
export type Test<Value = Json> =
  ScalarOf<Value> | null | readonly (ScalarOf<Value> | null)[] | Comparison<ScalarOf<Value>>;

/** Tests by property. The name of a nested property has dots: `'address.city'`, `'items.length'`. */
export type Tests = Readonly<Record<string, Test>>;

/** Tests of the properties of one event. */
export type TestsOf<Properties> = {
  readonly [Name in keyof Properties & string]?: Test<Properties[Name]>;
} & { readonly [path: `${string}.${string}`]: Test };

/** What an event must be, beside its name: tests as data, or a function that decides by the event alone. */
export type Filter = Tests | ((event: RecordedEvent) => boolean);

type Comparisons = { readonly [Name in keyof Comparison]-?: (value: Json | undefined, given: Json) => boolean };

const COMPARISONS: Comparisons = {
  not: (value, given) => !isOneOf(value, given),
  atLeast: (value, given) => isNumber(value) && isNumber(given) && value >= given,
  atMost: (value, given) => isNumber(value) && isNumber(given) && value <= given,
  over: (value, given) => isNumber(value) && isNumber(given) && value > given,
  under: (value, given) => isNumber(value) && isNumber(given) && value < given,
  contains: (value, given) =>
    Array.isArray(value)
      ? value.includes(given)
      : typeof value === 'string' && typeof given === 'string' && value.includes(given),
  exists: (value, given) => (value !== undefined && value !== null) === given,
};

const scalar = z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]);
const oneOf = z.union([scalar, z.array(scalar).min(1).max(100)]);
const comparison = fields(
  {
    not: oneOf.exactOptional().meta({ description: 'The value is not this one, or none of these' }),
    atLeast: z.number().exactOptional().meta({ description: 'The value is a number of this size or more' }),
    atMost: z.number().exactOptional().meta({ description: 'The value is a number of this size or less' }),
    over: z.number().exactOptional().meta({ description: 'The value is a larger number' }),
    under: z.number().exactOptional().meta({ description: 'The value is a smaller number' }),
    contains: scalar
      .exactOptional()
      .meta({ description: 'The value is a list that has this item, or a text that contains this text' }),
    exists: z
      .boolean()
      .exactOptional()
      .meta({ description: 'There is a value, and it is not null. False: there is none' }),
  },
  'comparison',
)
  .refine((value) => Object.keys(value).length > 0, 'must have a comparison')
  .meta({ minProperties: 1 });

/** The schema of what a property must be. */
export const test: z.ZodType<Test> = z.union(
  [oneOf, comparison],
  `must be a value, a list of values, or comparisons: ${Object.keys(COMPARISONS).join(', ')}`,
);

/** The schema of tests in a journey made of data. */
export const tests: z.ZodType<Tests> = z
  .record(z.string().min(1).max(200), test)
  .refine((value) => Object.keys(value).length > 0 && Object.keys(value).length <= 20, 'must have 1 to 20 properties')
  .meta({
    id: 'EventFilter',
    description:
      'Only events whose properties pass are meant. A property must have the value, one of the values, or what the comparison says. A dot leads to a nested property',
  });

/**
 * Refuses a filter that has an empty list or a comparison that does not exist, which would otherwise hold for nothing.
 * @throws {TypeError} when there is one
 */
export function requireFilter(filter: Filter): void {
  if (typeof filter === 'function') return;
  for (const [property, test] of Object.entries(filter)) {
    if (Array.isArray(test) && test.length === 0)
      throw new TypeError(`where: '${property}' has an empty list. Expected a value, or one or more of them.`);
    const unknown = Object.keys(asComparison(test) ?? {}).find((name) => !Object.hasOwn(COMPARISONS, name));
    if (unknown !== undefined)
      throw new TypeError(`'${unknown}' is not a comparison. Expected ${Object.keys(COMPARISONS).join(', ')}.`);
  }
}

/** Does the event pass all filters? A function that throws, as it may on properties it does not expect, is not passed. */
export function passes(filters: readonly Filter[], event: RecordedEvent): boolean {
  return filters.every((filter) =>
    typeof filter === 'function' ? verdictOf(filter, event) : passesTests(filter, event.properties),
  );
}

/** Do the properties pass all tests? */
export function passesTests(given: Tests, properties: JsonObject): boolean {
  return Object.entries(given).every(([path, test]) => passesTest(test, valueAt(properties, path)));
}

/** Does a value pass a test? */
export function passesTest(test: Test, value: Json | undefined): boolean {
  const comparisons = asComparison(test);
  if (!comparisons) return isOneOf(value, test as Json);
  return Object.entries(comparisons).every(([name, given]) =>
    COMPARISONS[name as keyof Comparison](value, given as Json),
  );
}

/** The comparisons of a test; null when it is a value or a list of values. */
export function asComparison(test: Test): Comparison | null {
  return typeof test === 'object' && test !== null && !Array.isArray(test) ? (test as Comparison) : null;
}

/** The keys that lead to a property. */
export function keysOf(properties: JsonObject, path: string): readonly string[] {
  return Object.hasOwn(properties, path) ? [path] : path.split('.');
}

/** The filters as text, for reports and fingerprints. */
export function filterText(filters: readonly Filter[]): string {
  return filters
    .map((filter) => (typeof filter === 'function' ? String(filter) : JSON.stringify(filter)))
    .join(' and ');
}

/** The value of a property, whose name may have dots. */
export function valueAt(properties: JsonObject, path: string): Json | undefined {
  return keysOf(properties, path).reduce<Json | undefined>(
    (value, key) =>
      typeof value === 'object' && value !== null ? getOwn(value as unknown as JsonObject, key) : undefined,
    properties,
  );
}

function isOneOf(value: Json | undefined, given: Json): boolean {
  const known = value ?? null;
  return Array.isArray(given) ? given.includes(known) : known === given;
}

function isNumber(value: Json | undefined): value is number {
  return typeof value === 'number';
}

type Decide = Extract<Filter, (event: RecordedEvent) => boolean>;
const verdicts = new WeakMap<Decide, WeakMap<RecordedEvent, boolean>>();

/** The author's function is called once per event and its result is kept, because each event is looked up for each of many runs. */
function verdictOf(decide: Decide, event: RecordedEvent): boolean {
  const known = verdicts.get(decide) ?? new WeakMap<RecordedEvent, boolean>();
  verdicts.set(decide, known);
  const verdict = known.get(event) ?? decided(decide, event);
  known.set(event, verdict);
  return verdict;
}

function decided(decide: Decide, event: RecordedEvent): boolean {
  try {
    const { id, name, at, properties } = event;
    return decide(copyOf({ id, name, at, properties }));
  } catch {
    return false;
  }
}
