import type { Facts, UserFacts } from '../../authoring/journey';
import { copyOf, type Json, type JsonObject } from '../../model/json';
import { localMoment, zoneOf } from '../../model/zone';
import type { Draft } from '../../user/draft';
import { Questions, type Asked } from '../../user/questions';
import type { StepContext } from '../context';
import type { Done } from './step-type';

/**
 * The facts that a step may read.
 * @param now the time in the facts, epoch milliseconds
 */
export function factsOf(draft: Draft, now: number): UserFacts {
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
  readonly facts: UserFacts;
  readonly read: JsonObject;
}

/**
 * Wraps facts so that each read is noted. They can't be set, and every read returns a copy, so reading can't change the user.
 * @param taken the reader gets a copy of its own, which it may keep and change
 */
export function trackReads({ now, user }: UserFacts, { taken = false } = {}): TrackedFacts {
  const read: JsonObject = {};
  const guards: ProxyHandler<object> = taken ? {} : { defineProperty: refuse, deleteProperty: refuse };
  // The original value is noted, not what the reader has made of it.
  const track = <T extends object>(target: T, facts: T, prefix: string): T => {
    const readProperty = (object: T, property: string | symbol): unknown => {
      const value: unknown = Reflect.get(object, property);
      if (typeof property !== 'string' || isReadByRuntime(object, property)) return value;
      if (prefix === '' && NESTED.has(property)) return value;
      const name = prefix + property;
      const isAddedByReader = Object.hasOwn(object, property) && !Object.hasOwn(facts, property);
      if (!isAddedByReader && !Object.hasOwn(read, name))
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
function isReadByRuntime(object: object, property: string): boolean {
  return !Object.hasOwn(object, property) && (property in object || property === 'toJSON' || property === 'then');
}

function refuse(_: object, property: string | symbol): never {
  throw new TypeError(`'${String(property)}' is read-only here. Set a trait with j.set, a flag with j.flag.`);
}

/**
 * The facts of a step, with the questions that it may ask of a user's events. What is read is noted in `read`.
 */
function withQuestions(facts: UserFacts, questions: Questions, { logicalTime, zone }: Asked, read: JsonObject): Facts {
  return {
    ...facts,
    did: questions.did,
    get local() {
      const local = localMoment(logicalTime, zone);
      read['local'] = { ...local };
      return local;
    },
  };
}

/**
 * Calls an author's function with the facts, and records what it read.
 * @throws whatever the function throws
 * @throws {MissingHistoryError} when the function asks for events that are not at hand
 */
export function evaluate(context: StepContext, decide: (facts: Facts) => Json, reason: (value: Json) => string): Done {
  const { draft, logicalTime, wallTime } = context;
  const { facts, read } = trackReads(factsOf(draft, logicalTime));
  const asked = { history: draft.history, zone: zoneOf(draft.traits), logicalTime, wallTime };
  const questions = new Questions(asked, read);
  try {
    // The outcome may be the wrapped facts themselves, so it is copied.
    const outcome = copyOf(decide(withQuestions(facts, questions, asked, read)));
    return { outcome, reason: reason(outcome), facts: read };
  } finally {
    // While events are missing, the outcome and any error mean nothing.
    questions.requireAll();
  }
}

/** The facts about somebody with example traits who has done nothing, for an outline. */
export function exampleFacts(traits: JsonObject): Facts {
  const asked = { history: { events: [], names: null }, zone: zoneOf(traits), logicalTime: 0, wallTime: 0 };
  return withQuestions({ now: 0, user: { ...NOBODY, traits } }, new Questions(asked, {}), asked, {});
}

const NOBODY = { id: 'example', stage: '', createdAt: 0, lastSeenAt: 0, points: 0, badges: [], flags: {} };
