import { isOneOf, type EventDefinition } from '../authoring/event';
import { filterText } from '../authoring/filter';
import { leftKey } from '../model/counts';
import { textId } from '../model/ids';
import { isNewHistory } from '../model/imported';
import { getOwn } from '../model/own-property';
import type { Memory, UserEvent } from '../model/state';
import type { Draft } from './draft';
import { MissingHistoryError } from './history';

/*
 * Events are counted by name. The store knows how many came before. If a filter narrows the event, only the engine can tell which
 * ones count: it counts the stored events when the first one comes that counts, and again after an edit, because other definitions
 * may not have counted them.
 */

/** Under which key of `Memory.counts` an event is counted: its name, with a digest of its filters. */
export function counterOf({ name, filters }: EventDefinition<unknown>): string {
  return filters ? `${name}\n${textId(filterText(filters))}` : name;
}

/** The number of these events so far. */
export function countOf({ counts }: Pick<Memory, 'counts'>, event: EventDefinition<unknown>): number {
  const key = counterOf(event);
  return getOwn(counts, key) ?? getOwn(counts, leftKey(key)) ?? 0;
}

/**
 * Counts an event for each of these that it is one of.
 * @throws {MissingHistoryError} when the events before are not all at hand
 */
export function count(draft: Draft, counted: readonly EventDefinition<unknown>[], event: UserEvent): void {
  for (const one of counted) {
    if (!isOneOf(event, [one])) continue;
    const key = counterOf(one);
    const known = getOwn(draft.memory.counts, key);
    const before = known ?? (one.filters ? Math.max(seenBefore(draft, one), countOf(draft.memory, one)) : 0);
    const { [leftKey(key)]: _, ...others } = draft.memory.counts;
    draft.memory.counts = { ...others, [key]: before + 1 };
  }
}

function seenBefore({ history, memory: { importedUntil } }: Draft, one: EventDefinition<unknown>): number {
  const { names, since, events } = history;
  if (names !== null && !(since <= 0 && names.includes(one.name)))
    throw new MissingHistoryError({ kind: 'events', names: [one.name], since: 0 });
  return events.filter((event) => !event.pending && !isNewHistory(event, importedUntil) && isOneOf(event, [one]))
    .length;
}
