import type { ReadEvent } from '../../authoring/condition';
import type { Steps } from '../../authoring/journey';

/** The events that a journey made of data may read, by the names under which it does. */
export interface ReadEvents {
  readonly entered: ReadEvent;
  readonly event: ReadEvent;
  readonly steps: Readonly<Record<string, ReadEvent | null>>;
}

/**
 * The events that a journey made of data may read.
 * @param waits the events that ended the waits so far, by the name of the wait
 */
export function readEvents(j: Steps, waits: ReadonlyMap<string, ReadEvent | null>): ReadEvents {
  const { name, at, properties } = j.event;
  const entered = { name, at, properties };
  return { entered, event: entered, steps: Object.fromEntries(waits) };
}
