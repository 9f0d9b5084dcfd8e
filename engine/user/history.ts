import type { Draft } from './draft';
import { byOccurrence } from './draft';
import type { Occurrence } from '../authoring/event';
import { ANY_EVENT_NAME, isDoneByUser } from '../model/activity';
import { runKey } from '../model/ids';
import type { Journey } from '../authoring/journey';
import { copyOf } from '../model/json';
import type { History, HistoryRequest, RecordedEvent, Run, UserEvent } from '../model/state';

/** Thrown inside `advance` when the store has to be asked first. It never leaves it. */
export class MissingHistoryError extends Error {
  constructor(readonly request: HistoryRequest) {
    super(`The engine needs more history: ${request.kind}.`);
  }
}

/** The part of an event a journal keeps. */
export function recorded({ id, name, at, properties }: UserEvent | RecordedEvent): RecordedEvent {
  return { id, name, at, properties };
}

/** An event as the functions of a journey see it: a copy, since what they do to it is not what happened. */
export function occurrence(event: RecordedEvent): Occurrence {
  return copyOf(event);
}

/** When the engine could first know of an event: on arrival, and no later than now even if the receiver's clock is ahead. */
export function knownAt(event: UserEvent, wallTime: number): number {
  return Math.min(event.receivedAt, wallTime);
}

const keys = new WeakMap<Journey, WeakMap<RecordedEvent, string | undefined>>();

/**
 * The key an event has for a journey; undefined when the journey has no keys or the event has none. Properties are what apps
 * send: a number is taken for its text, and where the journey's function fails on them there is no key. It is asked once, and the
 * answer remembered: with many runs each event is looked at for each of them.
 */
export function keyOf(journey: Journey, event: RecordedEvent): string | undefined {
  if (journey.key === null) return undefined;
  const known = keys.get(journey) ?? new WeakMap<RecordedEvent, string | undefined>();
  keys.set(journey, known);
  if (!known.has(event)) known.set(event, askKey(journey, event));
  return known.get(event);
}

function askKey(journey: Journey, event: RecordedEvent): string | undefined {
  try {
    const key: unknown = journey.key?.(occurrence(event));
    return typeof key === 'string' || typeof key === 'number' ? runKey(String(key)) : undefined;
  } catch {
    return undefined;
  }
}

type ByKey = ReadonlyMap<string | undefined, readonly UserEvent[]>;
const arranged = new WeakMap<History, Map<Journey, ByKey>>();

/** The events that concern a run: without keys all, otherwise those with its key and those with none. Arranged once for all runs. */
function concerning(history: History, journey: Journey, run: Run): readonly UserEvent[] {
  if (run.key === null) return history.events;
  const journeys = arranged.get(history) ?? new Map<Journey, ByKey>();
  arranged.set(history, journeys);
  const byKey = journeys.get(journey) ?? arrange(history.events, journey);
  journeys.set(journey, byKey);
  return [...(byKey.get(run.key) ?? []), ...(byKey.get(undefined) ?? [])];
}

function arrange(events: readonly UserEvent[], journey: Journey): ByKey {
  const byKey = new Map<string | undefined, UserEvent[]>();
  for (const event of events) {
    const key = keyOf(journey, event);
    const same = byKey.get(key);
    if (same) same.push(event);
    else byKey.set(key, [event]);
  }
  return byKey;
}

/** Does an event concern this run? Without keys, or where the event has none, every event does. */
export function concerns(journey: Journey, run: Run, event: RecordedEvent): boolean {
  if (run.key === null) return true;
  const key = keyOf(journey, event);
  return key === undefined || key === run.key;
}

/** Which events of a run are looked for. */
export interface Search {
  readonly names: readonly string[];
  /** Only what happened from here on. */
  readonly since: number;
  /** Where `*` is among the names: from when on just any activity counts. */
  readonly watchedSince: number;
}

/** Whose events are searched, and when. */
export interface Searcher {
  readonly draft: Draft;
  readonly journey: Journey;
  readonly run: Run;
  /** The logical moment: what came later is not known yet. */
  readonly logicalTime: number;
  readonly wallTime: number;
}

/**
 * The user's events that match and concern the run, known at the moment, in order of occurrence. Under the name `*` an event
 * matches only as it comes: nobody keeps at hand all that a user ever did.
 * @throws {NeedError} when the history at hand does not reach that far
 */
export function eventsFor({ draft, journey, run, logicalTime, wallTime }: Searcher, search: Search): UserEvent[] {
  const { history } = draft;
  const { names, since, watchedSince } = search;
  const named = names.filter((name) => name !== ANY_EVENT_NAME);
  const complete =
    history.names === null || (since >= history.since && named.every((name) => history.names?.includes(name)));
  if (named.length > 0 && !complete) throw new MissingHistoryError({ kind: 'events', names: named, since });
  const anything = named.length < names.length;
  const matches = (event: UserEvent): boolean =>
    named.includes(event.name) ||
    (anything && isDoneByUser(event) && event.pending && knownAt(event, wallTime) >= watchedSince);
  return (
    concerning(history, journey, run)
      .filter((event) => matches(event) && event.at >= since && knownAt(event, wallTime) <= logicalTime)
      // What let the user in is no answer to what the run asks.
      .filter(({ id }) => id !== run.trigger.id && id !== run.cause)
      .sort(byOccurrence)
  );
}
