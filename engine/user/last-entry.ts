import { mayHaveHappenedSince } from '../model/coarse-time';
import { countedAt, type EndedRuns } from '../model/entries';
import { getOwn } from '../model/own-property';
import type { Journey } from '../authoring/journey';
import type { History, Run, UserEvent } from '../model/state';
import type { Draft } from './draft';
import { keyOf, MissingHistoryError } from './history';

/** May the user enter however short a time ago they last entered? */
export function isUnlimited(reenter: Journey['reenter']): boolean {
  return reenter === 'always' || reenter === 'restart';
}

/** When the user last entered the journey by an entry that counts, epoch milliseconds. */
export function lastCounted({ memory }: Draft, { id }: Journey): number | undefined {
  return countedAt(getOwn(memory.entries, id));
}

/**
 * The same for one key of the journey.
 * @throws {MissingHistoryError} when the history at hand does not have the ended runs of the key
 */
export function lastEntry(draft: Draft, journey: Journey, key: string | null): number | undefined {
  const anyKey = getOwn(draft.memory.entries, journey.id);
  if (key === null || anyKey === undefined || isUnlimited(journey.reenter)) return countedAt(anyKey);
  const justEnded = draft.runs.lastCounted(journey.id, key);
  if (justEnded) return justEnded.enteredAt;
  return endedRuns(draft, journey, key)?.countedAt ?? undefined;
}

/**
 * Did a trigger happen before the one of a run of this key that has ended? An entry that does not count has overtaken it, too.
 * @param trigger when it happened and was received, epoch milliseconds
 * @throws {MissingHistoryError} when the history at hand does not have the ended runs of the key
 */
export function isOvertaken(
  draft: Draft,
  journey: Journey,
  key: string | null,
  trigger: Pick<UserEvent, 'at' | 'receivedAt'>,
): boolean {
  const isOlder = (since: number | null | undefined): boolean =>
    typeof since === 'number' && !mayHaveHappenedSince(trigger, since);
  const anyKey = getOwn(draft.memory.entries, journey.id);
  if (key === null || anyKey === undefined) return isOlder(anyKey?.since);
  // Nearly always the trigger happened after every earlier one, and no history is needed.
  if (!isOlder(anyKey.since ?? anyKey.at)) return false;
  return isOlder(draft.runs.last(journey.id, key)?.since ?? endedRuns(draft, journey, key)?.since);
}

/** What the history says of the ended runs of a key; null for none. */
function endedRuns(draft: Draft, journey: Journey, key: string): EndedRuns | null {
  const ended = draft.history.ended[endedKey(journey.id, key)];
  if (ended === undefined && draft.history.names !== null)
    throw new MissingHistoryError({ kind: 'ended', journey: journey.id, keys: keysAhead(draft, journey, key) });
  return ended ?? null;
}

/** The key and the keys of all pending events. They are requested together, since each alone would need another load. */
function keysAhead({ history }: Draft, journey: Journey, key: string): string[] {
  const pending = history.events.filter((event) => event.pending);
  const ahead = new Set([key, ...pending.flatMap((event) => keyOf(journey, event) ?? [])]);
  return [...ahead].filter((one) => history.ended[endedKey(journey.id, one)] === undefined);
}

/** `History.ended` with further runs that have ended, in the order in which they ended. Runs without a key are left out. */
export function withEnded(known: History['ended'], runs: readonly Run[]): History['ended'] {
  const ended: Record<string, EndedRuns | null> = { ...known };
  for (const { journey, key, enteredAt, since, uncounted } of runs) {
    if (key === null) continue;
    const name = endedKey(journey, key);
    const before = ended[name] ?? null;
    ended[name] = {
      countedAt: uncounted ? (before?.countedAt ?? null) : enteredAt,
      since: Math.max(since, before?.since ?? since),
    };
  }
  return ended;
}

/** The property of `History.ended` for a journey and a key. */
export function endedKey(journey: string, key: string): string {
  return `${journey}\n${key}`;
}
