import { knownAs } from '../../authoring/narrowed';
import type { Definitions } from '../../definitions/definitions';
import type { UserState } from '../../model/state';
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
export function ingestAwaits(
  { name, properties }: Deed,
  definitions: Definitions,
  known: Known,
  narrows = true,
): boolean {
  const { narrowed, reactsTo, reactsToExactly } = definitions;
  const { awaiting, awaitingExactly, isStale, memory } = known;
  const anything = narrows && memory === null ? reactsToExactly : reactsTo;
  const awaited = (narrows ? awaitingExactly : null) ?? awaiting;
  const names = isStale ? anything : awaited;
  return ['*', ...knownAs(name, properties, narrowed)].some((one) => names.includes(one));
}
