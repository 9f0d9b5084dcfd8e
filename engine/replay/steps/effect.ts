import { setFlag } from '../../user/draft';
import { copyOf, type Json, type JsonObject } from '../../model/json';
import { knownAt } from '../../user/history';
import { instant, SILENT, type StepHandler } from './handler';

/** Gives points, a badge or both. */
export function award({ points = 0, badge }: { readonly points?: number; readonly badge?: string }): StepHandler<void> {
  return instant(
    'award',
    ({ draft }) => {
      draft.memory.points += points;
      if (badge !== undefined && !draft.memory.badges.includes(badge))
        draft.memory.badges = [...draft.memory.badges, badge];
      const prize = [points === 0 ? null : `${points} points`, badge === undefined ? null : `badge ${badge}`];
      return { outcome: { points, badge: badge ?? null }, reason: prize.filter((part) => part !== null).join(', ') };
    },
    SILENT,
  );
}

/** Sets traits of the user. */
export function set(traits: JsonObject): StepHandler<void> {
  return instant(
    'set',
    ({ draft }) => {
      draft.traits = { ...draft.traits, ...copyOf(traits) };
      return { outcome: copyOf(traits), reason: Object.keys(traits).join(', ') };
    },
    SILENT,
  );
}

/** Sets a flag the app can read. */
export function flag(name: string, value: Json): StepHandler<void> {
  return instant(
    'flag',
    ({ draft }) => {
      setFlag(draft, name, copyOf(value));
      return { outcome: { [name]: copyOf(value) }, reason: name };
    },
    SILENT,
  );
}

/** Name of the internal event that brings the result of a `call`. */
export const CALLED = 'sojourn:called';

/** Asks for a call by an activity and waits for its result, which arrives as an event of ours. */
export function call<Result extends Json>(): StepHandler<Result | null> {
  return {
    kind: 'call',
    progress: ({ draft, run, step, logicalTime, wallTime }) => {
      const result = draft.history.events.find(
        (event) =>
          event.name === CALLED &&
          event.properties['run'] === run.id &&
          event.properties['step'] === step &&
          knownAt(event, wallTime) <= logicalTime,
      );
      if (result) {
        const { result: outcome = null, facts } = result.properties;
        return { done: { outcome, reason: 'answered', facts: (facts ?? {}) as JsonObject } };
      }
      return { waiting: { until: null, reason: 'call' } };
    },
    skip: () => ({ outcome: null }),
    answer: (outcome) => outcome as Result | null,
  };
}
