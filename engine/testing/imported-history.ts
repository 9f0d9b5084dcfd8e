import type { Definitions } from '../definitions/definitions';
import { IDENTIFY, isDoneByUser } from '../model/activity';
import type { UserEvent, UserState } from '../model/state';
import { firstLookAt } from '../user/first-look';

/** An event to be imported. `at` is epoch milliseconds. */
export type PastEvent = Omit<UserEvent, 'pending' | 'receivedAt' | 'history'>;

type Profile = Pick<UserState, 'createdAt' | 'lastSeenAt' | 'importedAt'>;

/** Somebody in memory of whom history can be imported. */
export interface ImportTarget<State extends Profile & Pick<UserState, 'memory'> = UserState> {
  state: State;
  readonly definitions: Definitions;
  /** When the engine is to look at the user, epoch milliseconds; null for never. */
  wakeAt: number | null;
  /** Keeps events. Those that are not pending wake nobody. */
  remember(events: readonly UserEvent[]): void;
}

/**
 * Imports events as history, as ingest does: they change what is known of the user, and advance nobody. The engine looks at them when
 * something else wakes the user, or before time alone changes anything.
 * @param now when they are imported, epoch milliseconds
 */
export function importHistory<State extends Profile & Pick<UserState, 'memory'>>(
  target: ImportTarget<State>,
  events: readonly PastEvent[],
  now: number,
): void {
  const { memory, createdAt, lastSeenAt, importedAt } = target.state;
  const receivedAt = Math.max(now, (importedAt ?? -Infinity) + 1);
  const first = Math.min(createdAt, ...events.map(({ at }) => at));
  const isUnheardOf = memory === null && lastSeenAt === createdAt;
  const seen = events.filter(isDoneByUser).map(({ at }) => at);
  const profile = {
    createdAt: first,
    lastSeenAt: Math.max(isUnheardOf ? first : lastSeenAt, ...seen),
    importedAt: receivedAt,
  };
  target.state = { ...target.state, ...profile };
  target.remember(events.map((event) => ({ ...event, receivedAt, pending: false, history: true })));
  for (const { name, at, properties } of events) {
    const traits = name === IDENTIFY ? properties : null;
    const look = firstLookAt(target.definitions, { at, receivedAt, traits });
    if (look !== null) target.wakeAt = Math.min(look, target.wakeAt ?? Infinity);
  }
}
