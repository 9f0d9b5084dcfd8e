import { did } from './people';

/** Events of a person, of which the last matters: a native workflow is over with it, and would begin anew for every event after it. */
export const EVENTS = 50;

/** What an app sends in one request. */
export interface Batch {
  readonly calls: readonly unknown[];
  /** Whose event that matters is among them. */
  readonly activated: readonly string[];
}

/**
 * A while in what many people do, in the order of time: so many are `present` at any moment, each began at another, and where one
 * comes to the end the next begins. Of those who were there before, only the rest of their events. Until `done` people are through.
 */
export function streamBatches(people: readonly string[], present: number, done: number, size: number): Batch[] {
  const stream = people
    .flatMap((userId, person) =>
      Array.from({ length: EVENTS }, (_, index) => ({
        at: index + (person * EVENTS) / present,
        userId,
        event: index === EVENTS - 1 ? 'Activated' : 'Page Scrolled',
      })),
    )
    .sort((a, b) => a.at - b.at)
    .filter(({ at }) => at >= EVENTS - 1)
    .slice(0, done * EVENTS);
  return Array.from({ length: Math.ceil(stream.length / size) }, (_, index) => {
    const part = stream.slice(index * size, (index + 1) * size);
    return {
      calls: part.map(({ userId, event }) => Object.assign({ type: 'track' }, did(userId, event, { depth: 40 }))),
      activated: part.filter(({ event }) => event === 'Activated').map(({ userId }) => userId),
    };
  });
}
