import { note, rememberEntry, rememberRefusal, rememberTurn, type Draft } from './draft';
import { runId } from '../model/ids';
import type { Journey } from '../authoring/journey';
import { FRESHNESS_MS, MAX_OPEN_RUNS } from '../model/limits';
import { describeMs } from '../model/duration';
import { endForRestart } from './exits';
import { keyOf } from './history';
import { isOvertaken, isUnlimited, lastEntry } from './last-entry';
import { mayHaveHappenedSince } from '../model/coarse-time';
import { getOwn } from '../model/own-property';
import type { Starter } from '../model/entries';
import { enteredBy } from '../model/run';
import type { RefusalCause } from '../model/refusals';
import type { RecordedEvent, Run, UserEvent } from '../model/state';

/** An entry of the user into a journey that a trigger or a command asks for. */
export interface Admission {
  readonly journey: Journey;
  /** The event that lets the user enter, or a stand-in for one. */
  readonly trigger: RecordedEvent;
  /** Null without keys, and undefined if the journey has keys but the event has none. Then nobody enters. */
  readonly key: string | null | undefined;
  /** Events that happened at this time or later count for the run, epoch milliseconds. */
  readonly since: number;
  /** How long before it became known the trigger happened, milliseconds. Default: 0. */
  readonly age?: number;
  /** The id of the event that caused the trigger, if the trigger is not an event itself. */
  readonly cause?: string;
  /** The turn of a date or of the calendar that it is. It is used up, also if the entry is refused. */
  readonly turn?: string | number;
  /** The entry is by hand, so `reenter` is ignored. */
  readonly byHand?: boolean;
  /** The step of another run that lets the user enter. */
  readonly startedBy?: Starter;
}

/**
 * The admission by an event, as a list.
 * @param trigger the event as the journey gets it
 */
export function byEvent(journey: Journey, event: UserEvent, trigger: RecordedEvent): Admission[] {
  const key = keyOf(journey, trigger);
  return [{ journey, trigger, key: journey.key === null ? null : key, since: trigger.at, age: ageOf(event) }];
}

/**
 * How long before it was received an event happened, milliseconds. The age does not depend on when the engine decides, so a backlog
 * makes no event too old.
 */
export function ageOf({ at, receivedAt }: UserEvent): number {
  return receivedAt - at;
}

/**
 * How long before the engine first heard of the user something came due by time alone, milliseconds. It is 0 or less if it came due
 * later, and for a user of an older memory.
 * @param due epoch milliseconds
 */
export function ageOfDue({ memory: { metAt } }: Draft, due: number): number {
  return metAt === undefined ? 0 : metAt - due;
}

/** Was something due by time alone at this instant, epoch milliseconds, before history of the user was imported? Then it is history, too. */
export function isBeforeImport({ memory: { importedUntil = -Infinity } }: Draft, due: number): boolean {
  return due <= importedUntil;
}

/** Is something of this age, in milliseconds, too old to let a user enter the journey? */
export function isTooOld({ freshness = FRESHNESS_MS }: Journey, age: number): boolean {
  return age > freshness;
}

/** Does the user have an open run of this journey and key? */
export function isInside(draft: Draft, journey: Journey, key: string | null): boolean {
  return draft.runs.isInside(journey.id, key);
}

/** Does the user have as many open runs of this journey, over all keys, as it allows? */
export function isFull(draft: Draft, { id, maxOpenRuns = MAX_OPEN_RUNS }: Journey): boolean {
  return draft.runs.openIn(id) >= maxOpenRuns;
}

/** Does `reenter` allow an entry at this logical time? */
function mayReenter({ reenter }: Journey, last: number | undefined, logicalTime: number): boolean {
  if (last === undefined || isUnlimited(reenter)) return true;
  return typeof reenter === 'number' && logicalTime - last >= reenter;
}

/** The user who may enter, and the wall time in epoch milliseconds. */
export interface EntryContext {
  readonly draft: Draft;
  readonly wallTime: number;
}

/** Why an entry was refused. */
export type EntryRefusal = RefusalCause | 'inside' | 'before' | 'key';

/**
 * Lets the user enter, or notes why not. For a keyed journey this needs to know the ended runs of the key.
 * @param logicalTime epoch milliseconds
 * @returns why the entry was refused; null when it was not
 * @throws {MissingHistoryError} when the history at hand does not have them
 */
export function enter(
  { draft, wallTime }: EntryContext,
  admission: Admission,
  logicalTime: number,
): EntryRefusal | null {
  const { journey, trigger, key, since, age = 0, cause, turn, byHand = false, startedBy } = admission;
  if (turn !== undefined) rememberTurn(draft, journey.id, turn);
  const refuse = <Refusal extends EntryRefusal>(refusal: Refusal, reason: string): Refusal => {
    note(draft, { journey: journey.id, step: null, what: 'not entered', reason }, logicalTime);
    return refusal;
  };
  if (key === undefined) return refuse('key', 'the event has no key');
  const id = runId(draft.id, journey.id, key, trigger.id);
  if (draft.runs.has(id)) return null;
  const inside = isInside(draft, journey, key) ? draft.runs.last(journey.id, key) : undefined;
  if (inside && journey.reenter !== 'restart') return refuse('inside', 'already inside');
  // The later of two triggers wins, whichever arrives first. `trigger.at` is the start of a silence, `since` its end.
  const happened = { at: since, receivedAt: since + age };
  if (inside && !mayHaveHappenedSince(happened, inside.since)) return refuse('inside', 'older than the entry');
  if (isTooOld(journey, age)) {
    const reason = `too old: ${describeMs(age)}, at most ${describeMs(journey.freshness ?? FRESHNESS_MS)}`;
    rememberRefusal(draft, journey.id, 'too old', reason, logicalTime);
    return refuse('too old', reason);
  }
  if (!inside && isFull(draft, journey)) {
    const reason = `open runs: at the limit of ${journey.maxOpenRuns ?? MAX_OPEN_RUNS}`;
    rememberRefusal(draft, journey.id, 'open runs', reason, logicalTime);
    return refuse('open runs', reason);
  }
  if (!byHand && !mayReenter(journey, lastEntry(draft, journey, key), logicalTime))
    return refuse('before', 'entered before');
  if (!inside && journey.reenter === 'restart' && isOvertaken(draft, journey, key, happened))
    return refuse('before', 'older than the last entry');
  if (inside) draft.runs.replace(endForRestart({ draft, journey, run: inside, logicalTime, wallTime }, trigger));
  const run: Run = {
    id,
    journey: journey.id,
    key,
    ...(journey.stored && { version: journey.stored.version }),
    status: 'active',
    enteredAt: logicalTime,
    since,
    trigger,
    ...(cause !== undefined && { cause }),
    ...(startedBy && { startedBy }),
    journal: [],
    consumed: [],
    goalAt: null,
    endedAt: null,
    reason: '',
    failure: null,
  };
  draft.runs.add(run);
  // An entry by hand or by another journey does not use up a silence.
  const silence = byHand || startedBy ? getOwn(draft.memory.entries, journey.id)?.trigger : undefined;
  rememberEntry(draft, run, silence ?? trigger.id);
  note(draft, { journey: journey.id, step: null, what: 'entered', reason: enteredBy(run) }, logicalTime);
  return null;
}
