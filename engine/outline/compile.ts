import { v5 } from 'uuid';
import { goalNames, type Journey } from '../authoring/journey';
import { BY_DATE, BY_TIME, type Definitions, type Outline, type Sources } from '../definitions/definitions';
import { allVersions } from '../definitions/versions';
import { ANY_EVENT_NAME, isActivity } from '../model/activity';
import type { Forget } from '../model/forget-at';
import { withChannels } from '../policy/channels';
import { getOwn } from '../model/own-property';
import { STATE_FORMAT } from '../model/state';
import { traitsWatchedBy } from '../model/trait-change';
import { CALLED } from '../user/commands';
import { enteringEvents, entersByCalendar, entersByTime, traitRead } from '../user/triggers';
import { narrowedIn } from './narrowed';
import { addLookBack, lookBackIn, outline } from './outline';

/**
 * Compiles what a team defines into definitions for the engine: it adds the version, the fingerprints and the outlines.
 * @param outlineOf the outline of a journey with the example traits of the sources
 * @throws {TypeError} when two journeys have the same id
 */
export async function compile(
  given: Sources,
  outlineOf = (journey: Journey): Promise<Outline> => outline(journey, given.traits),
): Promise<Definitions> {
  const sources = { ...given, policy: withChannels(given.policy, given.channels ?? []) };
  const { journeys, lifecycle } = sources;
  const outlines = new Map<string, Outline>();
  for (const journey of journeys) {
    if (outlines.has(journey.id)) throw new TypeError(`Two journeys have the id '${journey.id}'.`);
    outlines.set(journey.id, await outlineOf(journey));
  }
  const former = await Promise.all(
    journeys.flatMap((journey) => journey.stored?.former ?? []).map((one) => outlineOf(one)),
  );
  const known = [...outlines.values(), ...former];
  const stageEvents = lifecycle.rules.flatMap(({ when }) => (when.kind === 'event' ? [when.name] : []));
  const awaited = unique([
    ...stageEvents.filter((name) => name !== ANY_EVENT_NAME),
    ...journeys.flatMap(allVersions).flatMap(({ exit, goal }) => [...exit, ...(goal ? goalNames(goal) : [])]),
    ...known.flatMap(({ awaits }) => awaits),
  ]).filter((name) => isActivity({ name }));
  const reactsTo = unique([
    ...awaited,
    ...stageEvents,
    ...journeys.flatMap((journey) => enteringEvents(journey).map(({ name }) => name)),
    ...(anyFirstEventMatters(sources) ? [ANY_EVENT_NAME] : []),
  ]);
  return {
    ...sources,
    version: versionOf(sources, outlines),
    fingerprints: fingerprintsOf(sources, outlines),
    outlines,
    reactsTo,
    ...narrowedIn(sources, known, reactsTo),
    dates: unique(journeys.flatMap((journey) => traitRead(journey) ?? [])),
    watchedTraits: traitsWatchedBy(reactsTo),
    hasCalendar: journeys.some(entersByCalendar),
    // The answer to a call may arrive while its run is parked, or while the definitions lack its journey.
    forget: forgetIn(sources, known),
    lookBack: longest(known),
    looksBackFor: known.some(({ steps }) => steps.some(({ calls }) => calls)) ? [...awaited, CALLED] : awaited,
  };
}

/** How far back any of the outlines asks for events. */
function longest(known: readonly Outline[]): Definitions['lookBack'] {
  const all = new Map<string, number>();
  for (const one of known) addLookBack(all, lookBackIn(one));
  return all;
}

/** How long the properties of events are kept. Where declarations of an event differ, the shortest time holds. */
function forgetIn({ events = [], journeys }: Sources, known: readonly Outline[]): Definitions['forget'] {
  const declared = [...events, ...journeys.flatMap(allVersions).flatMap(enteringEvents)].flatMap(({ name, forget }) =>
    forget ? [[name, forget] as const] : [],
  );
  const all = new Map<string, Forget>();
  for (const [name, forget] of [...declared, ...known.flatMap((one) => Object.entries(one.forget ?? {}))]) {
    const times = { ...all.get(name) };
    for (const [property, ms] of Object.entries(forget))
      times[property] = Math.min(ms, getOwn(times, property) ?? Infinity);
    all.set(name, times);
  }
  return all;
}

/** Does every user's first event matter? It does if users can enter by time alone, or time changes the first stage. */
function anyFirstEventMatters({ journeys, lifecycle: { initial, rules } }: Sources): boolean {
  return journeys.some(entersByTime) || rules.some(({ from, when }) => when.kind !== 'event' && from.includes(initial));
}

/** The version includes the outlines, because a journey's own text does not show the steps that functions elsewhere call. */
function versionOf({ journeys, lifecycle, policy, topics }: Sources, outlines: ReadonlyMap<string, Outline>): string {
  return fingerprint([STATE_FORMAT, journeys, lifecycle, policy, [...outlines], ...decidedBy(topics)]);
}

/** What topics decide: their texts and choices decide nothing. Empty without topics. */
function decidedBy(topics: Sources['topics']): readonly unknown[] {
  return topics ? [Object.values(topics.byName).map(({ name, default: standing }) => [name, standing])] : [];
}

function fingerprintsOf(
  { journeys, lifecycle, policy, topics }: Sources,
  outlines: ReadonlyMap<string, Outline>,
): Definitions['fingerprints'] {
  const entries = (some: readonly Journey[]): string =>
    fingerprint(some.flatMap(({ id, enter, reenter }) => [id, enter, reenter]));
  const byDate = journeys.filter((journey) => traitRead(journey) !== null);
  return {
    [BY_TIME]: entries(journeys.filter(entersByTime)),
    ...(byDate.length > 0 && { [BY_DATE]: entries(byDate) }),
    ...Object.fromEntries(
      journeys.map((journey) => [
        journey.id,
        fingerprint([STATE_FORMAT, lifecycle, policy, journey, outlines.get(journey.id), ...decidedBy(topics)]),
      ]),
    ),
  };
}

/** A short text that differs for different definitions. Functions count by their source text, everything else as data. */
export function fingerprint(definitions: unknown): string {
  const asText = (key: string, value: unknown): unknown => {
    // The engine does not use schemas, and some change once they have been used.
    if (key === 'schema') return undefined;
    return typeof value === 'function' ? value.toString() : value;
  };
  return v5(JSON.stringify(definitions, asText), v5.URL).slice(0, 13);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
