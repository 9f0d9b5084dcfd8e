import { apply, truthy } from 'json-logic-js';
import { z } from 'zod';
import { answerTo, question, type Did, type Question } from './did';
import type { Facts } from './facts';
import type { NamedChannel } from './channel-fields';
import { fields } from './fields';
import type { Group } from './groups';
import { namedEvent, type NamedEvent, type Path } from './json-fields';
import type { Json, JsonObject } from '../model/json';

/** A condition in JSON Logic (https://jsonlogic.com): a literal, or one operation with its arguments. */
export type Condition = string | number | boolean | null | JsonObject;

/** An event as conditions read it. */
export interface ReadEvent {
  readonly name: string;
  readonly at: number;
  readonly properties: JsonObject;
}

/** What a condition may read: the facts of a `check`, the event that let the user enter, and the events that ended waits. */
export interface ConditionData extends Facts {
  readonly entered: ReadEvent;
  /** The same as `entered`. */
  readonly event: ReadEvent;
  /** By the name of the wait; null if its time was up. */
  readonly steps: Readonly<Record<string, ReadEvent | null>>;
}

const FACT =
  /^(now|local\.(date|weekday|time)|user\.(id|stage|createdAt|lastSeenAt|points|badges)|user\.consent\.[^.]+|user\.(traits|flags)(\.[^.]+)+|group\.[^.]+\.(id|members|traits(\.[^.]+)+)|(entered|event|steps\.[^.]+)\.(name|at|properties(\.[^.]+)+))$/;

/** The fact whether the user agrees to a channel. */
const CONSENT_FACT = /^user\.consent\.([^.]+)$/;

/** Does the path name only data? A part such as `constructor`, which every object inherits, would read code. */
function isData(path: string): boolean {
  return path.split('.').every((key) => !(key in Object.prototype));
}

/** The schema of the place of a fact. */
export const fact = z
  .string()
  .max(200)
  .regex(
    FACT,
    'must be a fact: now, user.stage, user.traits.<name>, group.company.traits.<name>, entered.properties.<name>, steps.<wait>.properties.<name>, …',
  )
  .refine(isData, 'must not contain the name of a built-in property, such as constructor');

/** The place of a property of an event. */
export type EventPlace = { var: string };

/** The schema of the place of a property of an event. */
export const eventPlace: z.ZodType<EventPlace> = fields({
  var: fact
    .refine((path) => !/^(now|user|group)/.test(path), 'must be a property of an event')
    .meta({
      description: 'The place of a value in an event: `entered.properties.<name>`, or `steps.<wait>.properties.<name>`',
    }),
});

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
const operation = fields(
  {
    did: question.exactOptional(),
    var: z
      .union([fact, z.tuple([fact]), z.tuple([fact, literal])])
      .exactOptional()
      .meta({
        description: 'The fact at this place. In a list, the second item is the value where there is no such fact',
      }),
    '==': pair
      .exactOptional()
      .meta({ description: 'Whether both are equal, whatever their types: 1 equals the text 1' }),
    '!=': pair.exactOptional().meta({ description: 'Whether both differ, whatever their types' }),
    '===': pair.exactOptional().meta({ description: 'Whether both are equal and of one type' }),
    '!==': pair.exactOptional().meta({ description: 'Whether both differ, in value or in type' }),
    '<': range.exactOptional().meta({ description: 'Whether each is smaller than the next' }),
    '<=': range.exactOptional().meta({ description: 'Whether each is no larger than the next' }),
    '>': pair.exactOptional().meta({ description: 'Whether the first is larger' }),
    '>=': pair.exactOptional().meta({ description: 'Whether the first is no smaller' }),
    '!': unary.exactOptional().meta({ description: 'Whether it is false, 0, null, an empty text or an empty list' }),
    '!!': unary
      .exactOptional()
      .meta({ description: 'Whether it is anything but false, 0, null, an empty text or an empty list' }),
    and: several.exactOptional().meta({ description: 'The first that does not hold, otherwise the last' }),
    or: several.exactOptional().meta({ description: 'The first that holds, otherwise the last' }),
    if: several.exactOptional().meta({
      description: 'A condition and its result, further such pairs, and at last the result if no condition holds',
    }),
    in: z
      .tuple([argument, z.union([argument, z.array(literal).max(100)])])
      .exactOptional()
      .meta({ description: 'Whether the first is an item of the list, or a part of the text, that stands second' }),
    '+': several.exactOptional().meta({ description: 'The sum' }),
    '-': z
      .array(argument)
      .min(1)
      .max(2)
      .exactOptional()
      .meta({ description: 'The difference. Of one number: its negative' }),
    '*': several.exactOptional().meta({ description: 'The product' }),
    '/': pair.exactOptional().meta({ description: 'The quotient' }),
    '%': pair.exactOptional().meta({ description: 'The remainder of the division' }),
    min: several.exactOptional().meta({ description: 'The smallest number' }),
    max: several.exactOptional().meta({ description: 'The largest number' }),
  },
  'operator',
)
  .refine((value) => Object.keys(value).length === 1, 'must be one operation')
  .meta({ minProperties: 1, maxProperties: 1 });

/** The schema of a condition. It reports the operator or argument that is wrong. */
export const condition: z.ZodType<Condition> = z
  .union(
    [literal, operation],
    'must be text, a number, true, false, null or one operation, such as { ">=": [{ "var": "user.points" }, 10] }',
  )
  .meta({ id: 'Condition', description: 'JSON Logic (https://jsonlogic.com) with these operators' });

/**
 * Evaluates a condition. The result depends only on the condition and the data. No code of the author runs.
 * @throws {TypeError} when a fact is an object that can't be compared
 */
export function holds(checked: Condition, data: ConditionData): boolean {
  const groups: ProxyHandler<object> = {
    get: (_, type) => (typeof type === 'string' ? factsOf(data.group(type)) : null),
  };
  // The facts are not copied, because a fact that is read counts as one that mattered.
  const facts = Object.create(data, { group: { value: new Proxy({}, groups) } }) as object;
  return truthy(apply(answered(checked, data.did) as Condition, facts));
}

/** A group as conditions read it: for its members they get the number of them. */
function factsOf(group: Group): object {
  return {
    get id() {
      return group.id;
    },
    get traits() {
      return group.traits;
    },
    get members() {
      return group.members.count;
    },
  };
}

/** The condition with the answers in place of its questions. All are asked, so that all events they need are loaded at once. */
function answered(checked: Json, did: Did): Json {
  if (Array.isArray(checked)) return checked.map((one) => answered(one, did));
  if (typeof checked !== 'object' || checked === null) return checked;
  // The schema has checked it.
  if ('did' in checked) return answerTo(checked['did'] as unknown as Question, did);
  return Object.fromEntries(Object.entries(checked).map(([operator, given]) => [operator, answered(given, did)]));
}

/** The events that a condition asks for, with their places. */
export function askedIn(checked: Json, path: Path = []): NamedEvent[] {
  if (Array.isArray(checked)) return checked.flatMap((one, index) => askedIn(one, [...path, index]));
  if (typeof checked !== 'object' || checked === null) return [];
  return Object.entries(checked).flatMap(([operator, given]) => {
    const at = [...path, operator];
    return operator === 'did' ? [namedEvent((given as unknown as Question)[0], [...at, 0])] : askedIn(given, at);
  });
}

/** A fact about an event that a condition reads. */
export interface EventFact {
  /** The wait whose event it is; null for the event that let the user enter. */
  readonly wait: string | null;
  /** It is written as `event.…`, which does not say by itself which event is meant. */
  readonly isVague: boolean;
  /** The keys that lead to it in the event: `['properties', 'total']`. */
  readonly keys: readonly string[];
  /** Its place in the condition. */
  readonly path: Path;
}

/** The facts about events that a condition reads. */
export function eventFactsOf(checked: Json, path: Path = []): EventFact[] {
  return factsIn(checked, path).flatMap(({ keys: [source, ...keys], path: at }): EventFact[] => {
    if (source === 'steps') return [{ wait: keys[0] ?? '', isVague: false, keys: keys.slice(1), path: at }];
    return source === 'event' || source === 'entered'
      ? [{ wait: null, isVague: source === 'event', keys, path: at }]
      : [];
  });
}

/** The channels about which a condition reads whether the user agrees, with their places. */
export function consentFactsOf(checked: Json, path: Path): NamedChannel[] {
  return factsIn(checked, path).flatMap(({ keys, path: at }): NamedChannel[] => {
    const [, name] = CONSENT_FACT.exec(keys.join('.')) ?? [];
    return name === undefined ? [] : [{ name, path: at, use: 'consent' }];
  });
}

/** The facts that a condition reads by `var`, as the keys that lead to them, with their places. */
function factsIn(checked: Json, path: Path): { readonly keys: readonly string[]; readonly path: Path }[] {
  if (Array.isArray(checked)) return checked.flatMap((one, index) => factsIn(one, [...path, index]));
  if (typeof checked !== 'object' || checked === null) return [];
  return Object.entries(checked).flatMap(([operator, given]) => {
    const at = [...path, operator];
    if (operator === 'did') return [];
    if (operator !== 'var') return factsIn(given, at);
    const name = Array.isArray(given) ? given[0] : given;
    return [{ keys: (typeof name === 'string' ? name : '').split('.'), path: at }];
  });
}
