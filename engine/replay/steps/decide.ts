import { fraction } from '../../model/ids';
import type { Draft } from '../../user/draft';
import type { Facts } from '../../authoring/journey';
import { copyOf, type Json, type JsonObject } from '../../model/json';
import { instant, type Done, type StepContext, type StepHandler } from './handler';

/** The facts a step may look at, as of a moment. */
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
 * Facts that remember which of them were read. None can be set, and whoever reads one gets a copy: looking at the user changes
 * nothing about them.
 * @param taken the reader takes them along and may do as they like: with a copy of their own, which nobody else looks at
 */
export function trackReads({ now, user }: Facts, { taken = false } = {}): TrackedFacts {
  const read: JsonObject = {};
  const guards: ProxyHandler<object> = taken ? {} : { defineProperty: refuse, deleteProperty: refuse };
  // What is noted is what was there at first, not what the reader has made of it.
  const watch = <T extends object>(target: T, facts: T, prefix: string): T => {
    const look = (object: T, property: string | symbol): unknown => {
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
      look(object, property);
      return Reflect.has(object, property);
    };
    return new Proxy<T>(target, { ...guards, get: look, has });
  };
  const own = taken ? copyOf(user) : user;
  const traits = watch({ ...own.traits }, user.traits, 'traits.');
  const flags = watch({ ...own.flags }, user.flags, 'flags.');
  return { facts: { now, user: watch({ ...own, traits, flags }, user, '') }, read };
}

/** Of what these have each is a fact. */
const NESTED: ReadonlySet<string> = new Set(['traits', 'flags']);

/** What every object has, or is asked for by whoever copies or awaits it, is nothing about the user. */
function isMachinery(object: object, property: string): boolean {
  return !Object.hasOwn(object, property) && (property in object || property === 'toJSON' || property === 'then');
}

function refuse(_: object, property: string | symbol): never {
  throw new TypeError(`'${String(property)}' can only be read here: a trait is set by j.set, a flag by j.flag.`);
}

function evaluate(context: StepContext, decide: (facts: Facts) => Json, reason: (value: Json) => string): Done {
  const { facts, read } = trackReads(factsOf(context.draft, context.logicalTime));
  // What is picked may be the facts themselves, which are watched for as long as somebody holds them.
  const outcome = copyOf(decide(facts));
  return { outcome, reason: reason(outcome), facts: read };
}

/** Decides yes or no, once. */
export function check(decide: (facts: Facts) => boolean): StepHandler<boolean> {
  const run = (context: StepContext): Done => evaluate(context, decide, (value) => (value ? 'yes' : 'no'));
  return instant('check', run, { skip: run, answer: (outcome) => outcome === true });
}

/** Picks a JSON value, once. */
export function pick<Value extends Json>(decide: (facts: Facts) => Value): StepHandler<Value> {
  const run = (context: StepContext): Done => evaluate(context, decide, () => 'picked');
  return instant('pick', run, { skip: run, answer: (outcome) => outcome as Value });
}

/**
 * Assigns a variant by weight: the user's fraction for this journey and step falls into one of the weights' intervals.
 * @throws {TypeError} when no weight is positive
 */
export function experiment<Variant extends string>(weights: Readonly<Record<Variant, number>>): StepHandler<Variant> {
  const variants = Object.entries<number>(weights).filter(([, weight]) => weight > 0) as [Variant, number][];
  const total = variants.reduce((sum, [, weight]) => sum + weight, 0);
  const first = variants[0]?.[0];
  if (first === undefined) throw new TypeError('experiment: at least one weight must be positive.');
  const assign = ({ draft, journey, step }: StepContext): Variant => {
    let point = fraction(draft.id, journey.id, step) * total;
    for (const [variant, weight] of variants) {
      point -= weight;
      if (point < 0) return variant;
    }
    return first;
  };
  const run = (context: StepContext): Done => ({
    outcome: assign(context),
    reason: 'assigned by weight',
    facts: { weights: { ...weights } },
  });
  return instant('experiment', run, {
    skip: run,
    answer: (outcome) => (typeof outcome === 'string' ? (outcome as Variant) : first),
  });
}
