import type { Facts } from '../../authoring/journey';
import { copyOf, type Json, type JsonObject } from '../../model/json';
import type { Draft } from '../../user/draft';
import type { StepContext } from '../context';
import type { Done } from './step-type';

/**
 * The facts that a step may read.
 * @param now the time in the facts, epoch milliseconds
 */
export function factsOf(draft: Draft, now: number): Facts {
  const { memory } = draft;
  return {
    user: {
      id: draft.id,
      traits: draft.traits,
      stage: memory.stage,
      createdAt: draft.createdAt,
      lastSeenAt: draft.lastSeenAt,
      points: memory.points,
      badges: memory.badges,
      flags: memory.flags,
    },
    now,
  };
}

/** Facts, and the ones that were read so far, by name: `traits.plan`, `stage`. */
interface TrackedFacts {
  readonly facts: Facts;
  readonly read: JsonObject;
}

/**
 * Wraps facts so that each read is noted. They can't be set, and every read returns a copy, so reading can't change the user.
 * @param taken the reader gets a copy of its own, which it may keep and change
 */
export function trackReads({ now, user }: Facts, { taken = false } = {}): TrackedFacts {
  const read: JsonObject = {};
  const guards: ProxyHandler<object> = taken ? {} : { defineProperty: refuse, deleteProperty: refuse };
  // The original value is noted, not what the reader has made of it.
  const track = <T extends object>(target: T, facts: T, prefix: string): T => {
    const readProperty = (object: T, property: string | symbol): unknown => {
      const value: unknown = Reflect.get(object, property);
      if (typeof property !== 'string' || isMachinery(object, property)) return value;
      if (prefix === '' && NESTED.has(property)) return value;
      const name = prefix + property;
      const isTheirs = Object.hasOwn(object, property) && !Object.hasOwn(facts, property);
      if (!isTheirs && !Object.hasOwn(read, name))
        read[name] = (copyOf<unknown>(Reflect.get(facts, property)) ?? null) as Json;
      return taken ? value : copyOf(value);
    };
    const has = (object: T, property: string | symbol): boolean => {
      readProperty(object, property);
      return Reflect.has(object, property);
    };
    return new Proxy<T>(target, { ...guards, get: readProperty, has });
  };
  const own = taken ? copyOf(user) : user;
  const traits = track({ ...own.traits }, user.traits, 'traits.');
  const flags = track({ ...own.flags }, user.flags, 'flags.');
  return { facts: { now, user: track({ ...own, traits, flags }, user, '') }, read };
}

/** Each entry of these is a fact of its own. */
const NESTED: ReadonlySet<string> = new Set(['traits', 'flags']);

/** Is the property inherited, or one that copying or awaiting an object reads? Such a read says nothing about the user. */
function isMachinery(object: object, property: string): boolean {
  return !Object.hasOwn(object, property) && (property in object || property === 'toJSON' || property === 'then');
}

function refuse(_: object, property: string | symbol): never {
  throw new TypeError(`'${String(property)}' is read-only here. Set a trait with j.set, a flag with j.flag.`);
}

/**
 * Calls an author's function with the facts, and records what it read.
 * @throws whatever the function throws
 */
export function evaluate(context: StepContext, decide: (facts: Facts) => Json, reason: (value: Json) => string): Done {
  const { facts, read } = trackReads(factsOf(context.draft, context.logicalTime));
  // The outcome may be the wrapped facts themselves, so it is copied.
  const outcome = copyOf(decide(facts));
  return { outcome, reason: reason(outcome), facts: read };
}
