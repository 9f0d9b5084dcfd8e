import type { SearchAttributePair } from '@temporalio/common';
import type { Definitions } from '../engine/definitions/definitions';
import { triggerType } from '../engine/user/triggers';
import { JOURNEYS, searchableJourneys, STAGE } from '../workflows/search-attributes';

/**
 * Search attributes that a lifecycle will most likely have after its first advance. Setting them at the start costs the server
 * nothing. An upsert, which costs a write, is then only needed where this guess is wrong.
 * @param event the event that starts the lifecycle; null for anything that no journey declares
 */
export function likelyAttributes({ lifecycle, journeys }: Definitions, event: string | null): SearchAttributePair[] {
  const rule = lifecycle.rules.find(
    ({ from, when }) => from.includes(lifecycle.initial) && when.kind === 'event' && when.name === event,
  );
  const entered = journeys.flatMap(({ id, enter }) =>
    event !== null && triggerType(enter).entersByEvent?.(enter).includes(event) ? [id] : [],
  );
  return [
    { key: STAGE, value: rule?.to ?? lifecycle.initial },
    ...(entered.length > 0 ? [{ key: JOURNEYS, value: searchableJourneys(entered.sort()) }] : []),
  ];
}
