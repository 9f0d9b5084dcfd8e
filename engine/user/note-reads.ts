import { copyOf, type Json, type JsonObject } from '../model/json';

/** What is noted, and what the reader gets. */
interface Noting<T> {
  /** The names of facts begin with this. */
  readonly prefix: string;
  /** What is read so far, by name. */
  readonly read: JsonObject;
  /** What the reader gets. Default: the facts. */
  readonly target?: T;
  /** The reader gets a copy of its own, which it may keep and change. */
  readonly taken?: boolean;
  /** Properties that note their own reads. */
  readonly nested?: ReadonlySet<string>;
}

/** Wraps facts so that each read is noted. Unless they are taken they can't be set, and every read returns a copy. */
export function noteReads<T extends object>(
  facts: T,
  { prefix, read, target = facts, taken = false, nested = new Set() }: Noting<T>,
): T {
  const guards: ProxyHandler<object> = taken ? {} : { defineProperty: refuse, deleteProperty: refuse };
  const readProperty = (object: T, property: string | symbol): unknown => {
    const value: unknown = Reflect.get(object, property);
    if (typeof property !== 'string' || isReadByRuntime(object, property) || nested.has(property)) return value;
    const name = prefix + property;
    const isAddedByReader = Object.hasOwn(object, property) && !Object.hasOwn(facts, property);
    // The original value is noted, not what the reader has made of it.
    if (!isAddedByReader && !Object.hasOwn(read, name))
      read[name] = (copyOf<unknown>(Reflect.get(facts, property)) ?? null) as Json;
    return taken ? value : copyOf(value);
  };
  const has = (object: T, property: string | symbol): boolean => {
    readProperty(object, property);
    return Reflect.has(object, property);
  };
  return new Proxy<T>(target, { ...guards, get: readProperty, has });
}

/** Is the property inherited, or one that copying or awaiting an object reads? Such a read says nothing about the user. */
function isReadByRuntime(object: object, property: string): boolean {
  return !Object.hasOwn(object, property) && (property in object || property === 'toJSON' || property === 'then');
}

function refuse(_: object, property: string | symbol): never {
  throw new TypeError(`'${String(property)}' is read-only here. Set a trait with j.set, a flag with j.flag.`);
}
