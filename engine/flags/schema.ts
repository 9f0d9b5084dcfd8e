import { z } from 'zod';
import { test, tests } from '../authoring/filter';
import type { Json } from '../model/json';
import { placeOf } from '../model/place-of';
import type { FlagValue } from './flag';

/** The form of a flag's name: it is part of addresses, which clients write without encoding it. */
export const FLAG_NAME = /^[\w.-]{1,100}$/;

/** The most rules of a flag, and the most variants of a rule. */
const MOST = 100;

/** The most characters of the name of a variant. */
const MAX_VARIANT_NAME = 100;

/** The values a flag can have, by their type. All values of one flag have the same. */
const VALUES = {
  boolean: z.boolean('must be true or false'),
  string: z.string('must be a text'),
  number: z.number('must be a number'),
  object: z.record(z.string(), z.json(), 'must be an object of JSON values'),
} as const;

/** The type of a flag's values. */
export type FlagType = keyof typeof VALUES;

/** The type of a value; null when no flag can have it: null itself, a list, or what is not JSON. */
export function typeOfFlag(value: unknown): FlagType | null {
  const type = Array.isArray(value) ? null : typeof value;
  return type !== null && Object.hasOwn(VALUES, type) && value !== null ? (type as FlagType) : null;
}

/** Is it a value that a flag can have? */
export function isFlagValue(value: Json | undefined): value is FlagValue {
  return typeOfFlag(value) !== null;
}

const condition = z
  .strictObject({ stage: test.exactOptional(), traits: tests.exactOptional() })
  .refine((given) => Object.keys(given).length > 0, 'must have a stage or traits');

function schemaOf(type: FlagType): z.ZodType {
  const value = VALUES[type];
  const variant = z.strictObject({ weight: z.number('must be a number').min(0, 'must be 0 or more'), value });
  const rule = z
    .strictObject({
      when: condition.exactOptional(),
      percentage: z.number('must be a number').min(0, 'must be 0 to 100').max(100, 'must be 0 to 100').exactOptional(),
      value: value.exactOptional(),
      variants: z
        .record(z.string().min(1).max(MAX_VARIANT_NAME), variant)
        .refine((given) => Object.keys(given).length <= MOST, `must not be more than ${MOST}`)
        .refine((given) => Object.values(given).some(({ weight }) => weight > 0), 'must have a positive weight')
        .exactOptional(),
    })
    .refine(
      (given) => Object.hasOwn(given, 'value') !== Object.hasOwn(given, 'variants'),
      'must have either a value or variants',
    );
  return z.strictObject({
    default: value,
    rules: z.array(rule, 'must be a list').max(MOST, `must not be more than ${MOST}`).exactOptional(),
  });
}

const SCHEMAS = {
  boolean: schemaOf('boolean'),
  string: schemaOf('string'),
  number: schemaOf('number'),
  object: schemaOf('object'),
} as const;

/** What is expected of a condition on a stage or a trait. */
const TEST = "must be a value, a list of values, or comparisons such as { not: 'new' } or { atLeast: 5 }";

/** What is wrong with a flag: the place and what was expected, such as `rules[0].percentage: must be 0 to 100`. */
export function mistakesOf(flag: unknown): string[] {
  const given: unknown = typeof flag === 'object' && flag !== null && 'default' in flag ? flag.default : undefined;
  const type = typeOfFlag(given);
  if (type === null) return ['default: must be true, false, a text, a number or an object'];
  const { error } = SCHEMAS[type].safeParse(flag, {
    error: ({ code }) => (code === 'invalid_union' ? TEST : undefined),
  });
  if (error) return error.issues.map(({ path, message }) => `${placeOf(path)}${message}`);
  return unreachable(flag as { readonly rules?: readonly object[] });
}

/** The rules behind one that concerns everyone. */
function unreachable({ rules = [] }: { readonly rules?: readonly object[] }): string[] {
  const last = rules.findIndex((rule) => !('when' in rule) && !('percentage' in rule));
  return last === -1 || last === rules.length - 1
    ? []
    : [`rules[${last + 1}]: is never reached, because the rule before it concerns everyone`];
}
