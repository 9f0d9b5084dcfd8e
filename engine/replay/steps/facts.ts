import type { Facts, UserFacts } from '../../authoring/journey';
import { completeConsent } from '../../model/consent';
import { copyOf, type Json, type JsonObject } from '../../model/json';
import { localMoment, zoneOf } from '../../model/zone';
import type { Draft } from '../../user/draft';
import { noteReads } from '../../user/note-reads';
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
      consent: completeConsent(draft.reach.consent, draft.channels),
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
  const own = taken ? copyOf(user) : user;
  const traits = noteReads(user.traits, { prefix: 'traits.', read, target: { ...own.traits }, taken });
  const flags = noteReads(user.flags, { prefix: 'flags.', read, target: { ...own.flags }, taken });
  const consent = noteReads(user.consent, { prefix: 'consent.', read, target: { ...own.consent }, taken });
  const target = { ...own, traits, flags, consent };
  return { facts: { now, user: noteReads(user, { prefix: '', read, target, taken, nested: NESTED }) }, read };
}

/** Each entry of these is a fact of its own. */
const NESTED: ReadonlySet<string> = new Set(['traits', 'flags', 'consent']);

/**
 * The facts of a step, with the questions that it may ask about the user. What is read is noted in `read`.
 */
function withQuestions(facts: UserFacts, questions: Questions, { logicalTime, zone }: Asked, read: JsonObject): Facts {
  return {
    ...facts,
    did: questions.did,
    group: questions.group,
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
  const asked = { user: draft, history: draft.history, zone: zoneOf(draft.traits), logicalTime, wallTime };
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
  const user = { ...NOBODY, traits };
  const asked = { user, history: { events: [], names: null }, zone: zoneOf(traits), logicalTime: 0, wallTime: 0 };
  return withQuestions({ now: 0, user }, new Questions(asked, {}), asked, {});
}

const NOBODY = {
  id: 'example',
  stage: '',
  createdAt: 0,
  lastSeenAt: 0,
  consent: completeConsent({}),
  points: 0,
  badges: [],
  flags: {},
};
