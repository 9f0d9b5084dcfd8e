import { priorityOf } from '../authoring/priority';
import { journeyOf } from '../definitions/versions';
import type { Run, WaitingRecord } from '../model/state';
import type { ExpectedMessage } from '../policy/caps';
import type { RunContext } from './context';

/** Some journey must leave a message of this one its place, if it is held. */
export function keepsPlace({ definitions, journey }: RunContext): boolean {
  return definitions.journeys.some((other) => priorityOf(other) < priorityOf(journey));
}

/** The messages of the user's more important journeys that the policy holds until a known time. None of them is transactional. */
export function expectedBefore({ draft, definitions, journey, run }: RunContext): readonly ExpectedMessage[] {
  const { journeys } = definitions;
  // Most definitions have no priorities. Then no run has to be looked at.
  if (!journeys.some((other) => priorityOf(other) > priorityOf(journey))) return [];
  return draft.runs.all.flatMap((other) => {
    const definition = other.id === run.id || other.status !== 'active' ? undefined : journeyOf(journeys, other);
    if (!definition || priorityOf(definition) <= priorityOf(journey)) return [];
    const held = heldIn(other);
    if (!held?.holds || held.until === null) return [];
    return { ...held.holds, transactional: false, journey: other.journey, at: held.until };
  });
}

function heldIn({ journal }: Run): WaitingRecord | undefined {
  return journal.find((record) => record.status === 'waiting');
}
