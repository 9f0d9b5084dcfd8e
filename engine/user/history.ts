import type { Draft } from './draft';
import { byOccurrence } from './draft';
import { haveFilters, isOneOf, type EventDefinition, type Occurrence } from '../authoring/event';
import { ANY_EVENT_NAME, isDoneByUser } from '../model/activity';
import { mayHaveHappenedSince } from '../model/coarse-time';
import { endedJourney } from '../model/ended';
import { runKey } from '../model/ids';
import { runOfReaction } from '../model/message-reaction';
import type { Journey } from '../authoring/journey';
import { copyOf } from '../model/json';
import { getOwn } from '../model/own-property';
import type { AskedHistory } from '../model/group';
import type { History, HistoryRequest, RecordedEvent, Run, UserEvent } from '../model/state';

/** Thrown inside `advance` when more history is needed. `advance` catches it and returns the request. */
export class MissingHistoryError extends Error {
  constructor(readonly request: HistoryRequest) {
    super(`The engine needs more history: ${request.kind}.`);
  }
}

/**
 * The answer to a request for the events of some names.
 * @param events at least all of the requested events
 * @param since by name, when the events have to begin, epoch milliseconds
 */
export function askedFrom(events: readonly UserEvent[], since: Readonly<Record<string, number>>): AskedHistory {
  const byName = new Map<string, UserEvent[]>(Object.keys(since).map((name) => [name, []]));
  for (const event of events) byName.get(event.name)?.push(event);
  return Object.fromEntries(
    Object.entries(since).map(([name, from]) => [name, { since: from, events: byName.get(name) ?? [] }]),
  );
}

/**
 * All events of a name from a time on, whether pending or not.
 * @param since epoch milliseconds
 * @throws {MissingHistoryError} when they are not at hand
 */
export function askedSince({ names, events, asked = {} }: History, name: string, since: number): readonly UserEvent[] {
  const known = names === null ? events.filter((event) => event.name === name) : reaching(asked, name, since);
  if (!known) throw new MissingHistoryError({ kind: 'asked', since: { [name]: since } });
  return known.filter(({ at }) => at >= since);
}

/** The events of a name that are at hand; undefined if they do not reach back to `since`, epoch milliseconds. */
export function reaching(asked: AskedHistory, name: string, since: number): readonly UserEvent[] | undefined {
  const known = getOwn(asked, name);
  return known && known.since <= since ? known.events : undefined;
}

/** The part of an event that a journal keeps. */
export function recorded({ id, name, at, properties, forgetAt }: UserEvent | RecordedEvent): RecordedEvent {
  return { id, name, at, properties, ...(forgetAt && { forgetAt }) };
}

/** An event for the functions of a journey: a copy, so that their changes do not reach the recorded event. */
export function occurrence({ id, name, at, properties }: RecordedEvent): Occurrence {
  return copyOf({ id, name, at, properties });
}

/**
 * When an event became known, epoch milliseconds: when it was received, but no later than `wallTime` if the receiver's clock is
 * ahead.
 */
export function knownAt(event: UserEvent, wallTime: number): number {
  return Math.min(event.receivedAt, wallTime);
}

const keys = new WeakMap<Journey, WeakMap<RecordedEvent, string | undefined>>();

/**
 * The key of an event for a journey. A number counts as its text. The journey's function is called once per event and its result
 * is kept, because each event is looked up for each of many runs.
 * @returns undefined when the journey has no keys, the event has none, or the journey's function throws, as it may on properties
 * it does not expect
 */
export function keyOf(journey: Journey, event: RecordedEvent): string | undefined {
  if (journey.key === null) return undefined;
  const known = keys.get(journey) ?? new WeakMap<RecordedEvent, string | undefined>();
  keys.set(journey, known);
  if (!known.has(event)) known.set(event, keyFrom(journey, event));
  return known.get(event);
}

function keyFrom(journey: Journey, event: RecordedEvent): string | undefined {
  try {
    const key: unknown = journey.key?.(occurrence(event));
    return typeof key === 'string' || typeof key === 'number' ? runKey(String(key)) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The key of the runs that an event concerns; undefined for all runs. A reaction to a message of a run concerns that run, which its
 * key does not say.
 */
export function keyConcerned(journey: Journey, event: RecordedEvent): string | undefined {
  return runOfReaction(event) === null ? keyOf(journey, event) : undefined;
}

/** False for a reaction to a message that another run sent. */
function isForRun(event: RecordedEvent, { id }: Run): boolean {
  return (runOfReaction(event) ?? id) === id;
}

type ByKey = ReadonlyMap<string | undefined, readonly UserEvent[]>;
const grouped = new WeakMap<History, Map<Journey, ByKey>>();

/**
 * The events that concern a run: those with its key and those with no key, or all without keys. They are grouped once for all
 * runs.
 */
function concerning(history: History, journey: Journey, run: Run): readonly UserEvent[] {
  if (run.key === null) return history.events;
  const journeys = grouped.get(history) ?? new Map<Journey, ByKey>();
  grouped.set(history, journeys);
  const byKey = journeys.get(journey) ?? groupByKey(history.events, journey);
  journeys.set(journey, byKey);
  return [...(byKey.get(run.key) ?? []), ...(byKey.get(undefined) ?? [])];
}

function groupByKey(events: readonly UserEvent[], journey: Journey): ByKey {
  const byKey = new Map<string | undefined, UserEvent[]>();
  for (const event of events) {
    const key = keyConcerned(journey, event);
    const same = byKey.get(key);
    if (same) same.push(event);
    else byKey.set(key, [event]);
  }
  return byKey;
}

/** Which events of a run to find. Times are epoch milliseconds. */
export interface Search {
  readonly names: readonly string[];
  /** If a filter narrows one of the names: the events that are meant. Default: all of these names. */
  readonly meant?: readonly EventDefinition<unknown>[] | undefined;
  /** Only events that may have happened at this time or later. */
  readonly since: number;
  /** For the name `*`: only activity that became known at this time or later. */
  readonly watchedSince: number;
}

/** The events, for a search by their names; undefined when the names alone say which are meant. */
export function meantOf(events: readonly EventDefinition<unknown>[]): readonly EventDefinition<unknown>[] | undefined {
  return haveFilters(events) ? events : undefined;
}

/** The run for which events are searched, and the time. Times are epoch milliseconds. */
export interface Searcher {
  readonly draft: Draft;
  readonly journey: Journey;
  readonly run: Run;
  /** Events that became known later are left out. */
  readonly logicalTime: number;
  readonly wallTime: number;
}

/**
 * The user's events that match the search, concern the run and are known at `logicalTime`, in the order they happened. The name
 * `*` matches only pending events, because not everything that a user ever did is loaded. The ends of runs that this run started
 * are kept with it, not in the history.
 * @throws {MissingHistoryError} when the history at hand does not reach far enough
 */
export function eventsFor({ draft, journey, run, logicalTime, wallTime }: Searcher, search: Search): UserEvent[] {
  const { history } = draft;
  const { names, meant, since, watchedSince } = search;
  const named = names.filter((name) => name !== ANY_EVENT_NAME);
  const stored = named.filter((name) => endedJourney(name) === null);
  const complete =
    history.names === null || (since >= history.since && stored.every((name) => history.names?.includes(name)));
  if (stored.length > 0 && !complete) throw new MissingHistoryError({ kind: 'events', names: stored, since });
  const anything = named.length < names.length;
  const matches = (event: UserEvent): boolean =>
    (named.includes(event.name) && isForRun(event, run) && (meant === undefined || isOneOf(event, meant))) ||
    (anything && isDoneByUser(event) && event.pending && knownAt(event, wallTime) >= watchedSince);
  return (
    [...concerning(history, journey, run), ...(stored.length < named.length ? endingsOf(run) : [])]
      .filter(
        (event) => matches(event) && mayHaveHappenedSince(event, since) && knownAt(event, wallTime) <= logicalTime,
      )
      // The event that let the user enter does not count for the run.
      .filter(({ id }) => id !== run.trigger.id && id !== run.cause)
      .sort(byOccurrence)
  );
}

/** The ends of the runs that a run started, as events that the user did not do. */
function endingsOf({ endings = [] }: Run): UserEvent[] {
  return endings.map((event) => ({ ...event, receivedAt: event.at, active: false, pending: false }));
}
