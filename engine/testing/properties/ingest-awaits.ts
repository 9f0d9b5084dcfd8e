import { knownAs } from '../../authoring/narrowed';
import type { Definitions } from '../../definitions/definitions';
import { ANY_EVENT_NAME, isDoneByUser } from '../../model/activity';
import type { UserState } from '../../model/state';
import { traitChangedBy } from '../../model/trait-change';
import type { Awaiting } from '../../user/awaiting';
import type { Deed } from './random-life';

/** What ingest knows of a user. */
export interface Known extends Awaiting, Pick<UserState, 'memory'> {
  /** Something is to be decided, or other definitions decided last. */
  readonly isStale: boolean;
}

/**
 * Does an event matter to a user, as ingest sees it?
 * @param narrows whether ingest knows the filters that are data. Default: yes
 */
export function ingestAwaits(event: Deed, definitions: Definitions, known: Known, narrows = true): boolean {
  const { narrowed, reactsTo, reactsToExactly } = definitions;
  const { awaiting, awaitingExactly, isStale, memory } = known;
  const anything = narrows && memory === null ? reactsToExactly : reactsTo;
  const awaited = (narrows ? awaitingExactly : null) ?? awaiting;
  const names = isStale ? anything : awaited;
  const own = knownAs(event.name, event.properties, narrowed);
  return [...(isDoneByUser(event) ? [ANY_EVENT_NAME] : []), ...own].some((one) => names.includes(one));
}

/** What ingest writes into the profile of a user with an event. */
export function profileAfter(
  { traits, lastSeenAt }: Pick<UserState, 'traits' | 'lastSeenAt'>,
  event: Deed,
): Pick<UserState, 'traits' | 'lastSeenAt'> {
  const trait = traitChangedBy(event.name);
  return {
    traits: trait === null ? traits : { ...traits, [trait]: event.properties['to'] ?? null },
    lastSeenAt: isDoneByUser(event) ? Math.max(lastSeenAt, event.at) : lastSeenAt,
  };
}
