import type { Definitions } from '../definitions/definitions';
import { isNewHistory } from '../model/imported';
import { getOwn } from '../model/own-property';
import type { History, Memory, UserEvent } from '../model/state';
import { countedNames } from '../user/triggers';

/**
 * The number of past events, by name, for the milestones that start to count now: those that the user's memory does not count yet,
 * or counts under other definitions.
 */
export function seenCounts(
  memory: Pick<Memory, 'counts' | 'version' | 'importedUntil'> | null,
  { journeys, version }: Definitions,
  events: readonly UserEvent[],
): History['counts'] {
  const counted = memory?.version === version ? memory.counts : {};
  const names = countedNames(journeys).filter((name) => getOwn(counted, name) === undefined);
  return Object.fromEntries(
    names.map((name) => [
      name,
      events.filter((event) => event.name === name && !event.pending && !isNewHistory(event, memory?.importedUntil))
        .length,
    ]),
  );
}
