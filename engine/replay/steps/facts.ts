import type { Facts } from '../../authoring/journey';
import { copyOf, type Json, type JsonObject } from '../../model/json';
import type { Draft } from '../../user/draft';
import type { StepContext } from '../context';
import type { Done } from './step-type';

/**
 * The facts a step may look at.
 * @param now the time they show, epoch milliseconds
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

/** Facts, and which of them were read so far: `traits.plan`, `stage`. */
interface TrackedFacts {
  readonly facts: Facts;
  readonly read: JsonObject;
}

/**
 * Facts that note which of them are read. None can be set, and every read answers a copy: looking at the user changes nothing
 * about them.
 * @param taken the reader keeps the facts and may change them: it gets a copy of its own
 */
export function trackReads({ now, user }: Facts, { taken = false } = {}): TrackedFacts {
  const read: JsonObject = {};
  const guards: ProxyHandler<object> = taken ? {} : { defineProperty: refuse, deleteProperty: refuse };
  // What is noted is what was there at first, not what the reader has made of it.
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

/** Properties that every object has, or that copying or awaiting an object asks for, say nothing about the user. */
function isMachinery(object: object, property: string): boolean {
  return !Object.hasOwn(object, property) && (property in object || property === 'toJSON' || property === 'then');
}

function refuse(_: object, property: string | symbol): never {
  throw new TypeError(`'${String(property)}' is read-only here: set a trait by j.set, a flag by j.flag.`);
}

/** Runs an author's decision over the facts, and records what it read. */
export function evaluate(context: StepContext, decide: (facts: Facts) => Json, reason: (value: Json) => string): Done {
  const { facts, read } = trackReads(factsOf(context.draft, context.logicalTime));
  // What is picked may be the facts themselves, which note every read for as long as somebody holds them.
  const outcome = copyOf(decide(facts));
  return { outcome, reason: reason(outcome), facts: read };
}
