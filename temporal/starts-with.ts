import type { SearchAttributePair } from '@temporalio/common';
import type { Definitions } from '../engine/definitions/definitions';
import { triggerType } from '../engine/user/triggers';
import { JOURNEYS, searchableJourneys, STAGE } from '../workflows/search-attributes';

/**
 * What a lifecycle begun by such an event will most likely show. Said at its start it costs the server nothing; an upsert
 * is a write of its own, and then only needed where this is wrong.
 */
export function startsWith({ lifecycle, journeys }: Definitions, event: string | null): SearchAttributePair[] {
  const rule = lifecycle.rules.find(
    ({ from, when }) => from.includes(lifecycle.initial) && when.kind === 'event' && when.name === event,
  );
  const entered = journeys.flatMap(({ id, enter }) => (triggerType(enter).letsInAlways?.(enter) === event ? [id] : []));
  return [
    { key: STAGE, value: rule?.to ?? lifecycle.initial },
    ...(entered.length > 0 ? [{ key: JOURNEYS, value: searchableJourneys(entered.sort()) }] : []),
  ];
}
