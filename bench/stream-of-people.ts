import { did } from './people';

/** Events per user. The last one causes a delivery and ends the native workflow; any event after it would start a new one. */
export const EVENTS = 50;

/** The calls in one request. */
export interface Batch {
  readonly calls: readonly unknown[];
  /** Ids of the users whose last event is among the calls. */
  readonly activated: readonly string[];
}

/**
 * Returns a section of an endless stream of events, in time order and divided into batches. At any time `present` users are in
 * progress, each at another point. When one finishes, the next one begins. Users who began before the section have only their
 * remaining events in it.
 * @param done the section ends when this many users have finished
 * @param size calls per batch
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
