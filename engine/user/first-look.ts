import type { Definitions } from '../definitions/definitions';
import type { JsonObject } from '../model/json';
import { getOwn } from '../model/own-property';
import { triggerType } from './triggers';

/** Turns are looked for this long before they come, because the user's time zone may not be known yet. Milliseconds. */
const AHEAD_MS = 26 * 3_600_000;

/** What was imported. Times are epoch milliseconds. */
export interface Imported {
  readonly at: number;
  readonly receivedAt: number;
  /** The traits that an `identify` sets; null for any other event, and if it sets none. */
  readonly traits: JsonObject | null;
}

/**
 * When the engine has to look at a user whose history was imported, epoch milliseconds: before time alone can change anything about them
 * for the first time. Imported history wakes nobody, so nothing else makes sure that it does.
 * @returns null when nothing will change by time alone
 */
export function firstLookAt({ journeys, lifecycle }: Definitions, imported: Imported): number | null {
  const { at, receivedAt } = imported;
  const silences = [
    ...journeys.flatMap(({ enter }) => triggerType(enter).silenceMs?.(enter) ?? []),
    ...lifecycle.rules.flatMap(({ when }) => (when.kind === 'event' ? [] : [when.ms])),
  ];
  // A stage that history leads to begins with the import.
  const inStage = lifecycle.rules.flatMap(({ when }) => (when.kind === 'after' ? [receivedAt + when.ms] : []));
  const first = Math.min(
    ...silences.map((ms) => at + ms).filter((due) => due > receivedAt),
    ...inStage,
    ...turnsAhead(journeys, imported),
  );
  return first === Infinity ? null : first;
}

/** When to look for the first turn of each journey that a date or the calendar lets the user enter. */
function turnsAhead(journeys: Definitions['journeys'], { receivedAt, traits }: Imported): number[] {
  const given = traits ?? {};
  return journeys.flatMap(({ enter }) => {
    const schedule = triggerType(enter).schedule?.(enter);
    if (!schedule || (schedule.trait !== null && getOwn(given, schedule.trait) === undefined)) return [];
    const prospect = { traits: given, since: receivedAt, last: undefined, notBefore: -Infinity, wallTime: receivedAt };
    const turn = schedule.next(prospect);
    return turn ? [Math.max(receivedAt, turn.at - AHEAD_MS)] : [];
  });
}
