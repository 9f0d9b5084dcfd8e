import type { Definitions } from '../definitions/definitions';
import { isNewHistory } from '../model/imported';
import type { UserEvent, UserState } from '../model/state';
import type { Draft } from './draft';
import { MissingHistoryError, reaching } from './history';
import { namesInRules } from './stages';
import { countedEvents } from './triggers';

/*
 * Imported history wakes nobody, so it is stored as seen. When the user is next advanced, the engine takes it in at the instant at which
 * it was imported: it changes stages, is counted, and runs in progress see it. It lets nobody enter.
 */

/**
 * The imported events that the user's memory has not taken into account yet, as far as they can change anything.
 * @throws {MissingHistoryError} when they are not at hand
 */
export function newHistory({ importedAt, memory, history }: UserState, definitions: Definitions): UserEvent[] {
  const until = memory?.importedUntil;
  if (importedAt === undefined || importedAt <= (until ?? -Infinity)) return [];
  const names = namesRemembered(definitions);
  const { asked = {}, events } = history;
  const missing = history.names === null ? [] : names.filter((name) => !reaching(asked, name, 0));
  if (missing.length > 0)
    throw new MissingHistoryError({
      kind: 'asked',
      since: Object.fromEntries(missing.map((name) => [name, 0])),
      forImport: true,
    });
  const relevant = new Set([...names, ...definitions.looksBackFor]);
  const known = [...events, ...names.flatMap((name) => reaching(asked, name, 0) ?? [])];
  const taken = known.filter((event) => relevant.has(event.name) && isNewHistory(event, until));
  return [...new Map(taken.map((event) => [event.id, event])).values()];
}

/** The names of the events that the memory of a user depends on: those of stage rules, and those that triggers count. */
function namesRemembered({ lifecycle, journeys }: Definitions): string[] {
  return [...new Set([...namesInRules(lifecycle), ...countedEvents(journeys).map(({ name }) => name)])];
}

/**
 * When history was imported that the memory has not taken into account yet, epoch milliseconds.
 * @returns null when there is none
 */
export function importDue({ importedAt, memory: { importedUntil }, wallTime }: Draft): number | null {
  if (importedAt === null || importedAt <= (importedUntil ?? -Infinity)) return null;
  return Math.min(importedAt, wallTime);
}

/**
 * Notes how far history is taken into account.
 * @param arrived the events that arrive at this instant
 * @param logicalTime epoch milliseconds
 */
export function noteImport(draft: Draft, arrived: readonly UserEvent[], logicalTime: number): void {
  const due = importDue(draft);
  if (due === null) return;
  const all = due <= logicalTime && draft.importedAt !== null ? [draft.importedAt] : [];
  const taken = [...arrived.filter(({ history }) => history).map(({ receivedAt }) => receivedAt), ...all];
  if (taken.length > 0) draft.memory.importedUntil = Math.max(...taken, draft.memory.importedUntil ?? -Infinity);
}
