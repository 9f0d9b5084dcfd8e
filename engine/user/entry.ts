import { isOpen } from '../model/run';
import { note, rememberEntry, type Draft } from './draft';
import { runId } from '../model/ids';
import type { Journey } from '../authoring/journey';
import { keyOf, MissingHistoryError } from './history';
import { getOwn } from '../model/own-property';
import { type Entry, type RecordedEvent, type Run } from '../model/state';

/** Somebody may enter a journey: by which event, or what stands for one, and from when on other events count. */
export interface Admission {
  readonly journey: Journey;
  readonly trigger: RecordedEvent;
  readonly key: string | null;
  readonly since: number;
  /** The id of the event behind the trigger, where the trigger is not itself one. */
  readonly cause?: string;
  /** By hand: `reenter` is not asked. */
  readonly byHand?: boolean;
}

/** The admission by an event: nobody enters a keyed journey by an event without a key. */
export function byEvent(journey: Journey, trigger: RecordedEvent): Admission[] {
  const key = keyOf(journey, trigger);
  return journey.key !== null && key === undefined ? [] : [{ journey, trigger, key: key ?? null, since: trigger.at }];
}

/** Is the user inside this journey (with this key) right now? */
export function isInside(draft: Draft, journey: Journey, key: string | null): boolean {
  return draft.runs.some((run) => run.journey === journey.id && run.key === key && isOpen(run));
}

/** May the journey be entered again at this moment, as far as `reenter` goes? */
function mayReenter({ reenter }: Journey, last: Pick<Entry, 'at'> | undefined, logicalTime: number): boolean {
  if (!last || reenter === 'always') return true;
  return reenter !== 'never' && logicalTime - last.at >= reenter;
}

/**
 * Lets the user enter, or notes why not. A keyed journey asks the store for an ended run of the same key.
 * @throws {MissingHistoryError} when the store has to be asked first
 */
export function enter(draft: Draft, admission: Admission, logicalTime: number): void {
  const { journey, trigger, key, since, cause, byHand = false } = admission;
  const id = runId(draft.id, journey.id, key, trigger.id);
  const refuse = (reason: string): void =>
    note(draft, { journey: journey.id, step: null, what: 'not entered', reason }, logicalTime);
  if (draft.runs.some((run) => run.id === id)) return;
  if (isInside(draft, journey, key)) return refuse('already inside');
  if (!byHand && !mayReenter(journey, lastEntry(draft, journey, key), logicalTime)) return refuse('entered before');
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
    journal: [],
    consumed: [],
    goalAt: null,
    endedAt: null,
    reason: '',
    failure: null,
  };
  draft.runs.push(run);
  // An entry by hand uses up no silence.
  const silence = byHand ? getOwn(draft.memory.entries, journey.id)?.trigger : undefined;
  rememberEntry(draft, journey.id, logicalTime, silence ?? trigger.id);
  note(draft, { journey: journey.id, step: null, what: 'entered', reason: trigger.name }, logicalTime);
}

function lastEntry(draft: Draft, journey: Journey, key: string | null): Pick<Entry, 'at'> | undefined {
  const anyKey = getOwn(draft.memory.entries, journey.id);
  if (key === null || anyKey === undefined || journey.reenter === 'always') return anyKey;
  const justEnded = draft.runs.findLast((run) => run.journey === journey.id && run.key === key);
  if (justEnded) return { at: justEnded.enteredAt };
  const at = draft.history.ended[endedKey(journey.id, key)];
  if (at === undefined && draft.history.names !== null)
    throw new MissingHistoryError({ kind: 'ended', journey: journey.id, keys: keysAhead(draft, journey, key) });
  return at === undefined || at === null ? undefined : { at };
}

/** The key and those of all pending events: each would be asked for next, and be a load of its own. */
function keysAhead({ history }: Draft, journey: Journey, key: string): string[] {
  const pending = history.events.filter((event) => event.pending);
  const ahead = new Set([key, ...pending.flatMap((event) => keyOf(journey, event) ?? [])]);
  return [...ahead].filter((one) => history.ended[endedKey(journey.id, one)] === undefined);
}

/** Where `History.ended` keeps the last run of a journey and key. */
export function endedKey(journey: string, key: string): string {
  return `${journey}\n${key}`;
}
