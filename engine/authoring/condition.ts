import { apply, truthy } from 'json-logic-js';
import { z } from 'zod';
import type { Facts } from './journey';
import type { JsonObject } from '../model/json';

/** A condition in JSON Logic (https://jsonlogic.com): a literal, or one operation with its arguments. */
export type Condition = string | number | boolean | null | JsonObject;

/** What a condition may read: the facts of a `check`, and the event that let the user enter. */
export interface ConditionData extends Facts {
  readonly event: { readonly name: string; readonly at: number; readonly properties: JsonObject };
}

const FACT =
  /^(now|user\.(id|stage|createdAt|lastSeenAt|points|badges)|user\.(traits|flags)(\.[^.]+)+|event\.(name|at)|event\.properties(\.[^.]+)+)$/;

/** Is no part of the path the name of a property that every object inherits? Such a name would read code, not data. */
function isData(path: string): boolean {
  return path.split('.').every((key) => !(key in Object.prototype));
}

const fact = z
  .string()
  .max(200)
  .regex(FACT, 'must be a fact: now, user.stage, user.traits.<name>, event.properties.<name>, …')
  .refine(isData, 'must not contain the name of a built-in property, such as constructor');
const literal = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const argument: z.ZodType<Condition> = z.lazy(() => condition);
const several = z.array(argument).min(1).max(20);
const pair = z.array(argument).length(2);
const unary = z.union([argument, z.array(argument).length(1)]);
const range = z.array(argument).min(2).max(3);

/*
 * The operators of JSON Logic that take no longer than the condition and the facts are long. Left out are operators that apply a
 * condition to every item of a list, build text, or write a log.
 */
const operation = z
  .strictObject({
    var: z.union([fact, z.tuple([fact]), z.tuple([fact, literal])]).exactOptional(),
    '==': pair.exactOptional(),
    '!=': pair.exactOptional(),
    '===': pair.exactOptional(),
    '!==': pair.exactOptional(),
    '<': range.exactOptional(),
    '<=': range.exactOptional(),
    '>': pair.exactOptional(),
    '>=': pair.exactOptional(),
    '!': unary.exactOptional(),
    '!!': unary.exactOptional(),
    and: several.exactOptional(),
    or: several.exactOptional(),
    if: several.exactOptional(),
    in: z.tuple([argument, z.union([argument, z.array(literal).max(100)])]).exactOptional(),
    '+': several.exactOptional(),
    '-': z.array(argument).min(1).max(2).exactOptional(),
    '*': several.exactOptional(),
    '/': pair.exactOptional(),
    '%': pair.exactOptional(),
    min: several.exactOptional(),
    max: several.exactOptional(),
  })
  .refine((value) => Object.keys(value).length === 1, 'must be one operation')
  .meta({ minProperties: 1, maxProperties: 1 });

/** The schema of a condition. It reports the operator or argument that is wrong. */
export const condition: z.ZodType<Condition> = z
  .union([literal, operation])
  .meta({ id: 'Condition', description: 'JSON Logic (https://jsonlogic.com) with these operators' });

/**
 * Evaluates a condition. The result depends only on the condition and the data. No code of the author runs.
 * @throws {TypeError} when a fact is an object that can't be compared
 */
export function holds(checked: Condition, data: ConditionData): boolean {
  return truthy(apply(checked, data));
}
