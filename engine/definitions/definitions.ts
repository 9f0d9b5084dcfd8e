import { v5 } from 'uuid';
import { ANY_EVENT_NAME } from '../authoring/event';
import type { Journey } from '../authoring/journey';
import type { JsonObject } from '../model/json';
import type { Lifecycle } from '../authoring/lifecycle';
import { outline, type Outline } from '../outline/outline';
import type { Policy } from '../policy/define';
import { STATE_FORMAT } from '../model/state';
import { CALLED } from '../replay/steps/effect';
import { allVersions } from './versions';

/** What a team defines. */
export interface Sources {
  readonly journeys: readonly Journey[];
  readonly lifecycle: Lifecycle;
  readonly policy: Policy;
  /** The traits a user may have, by example: what templates may use. */
  readonly traits: JsonObject;
}

/** No journey has this id. */
const SILENCE = '';

/** Everything a team defines, as the engine takes it. */
export interface Definitions extends Sources {
  /** Changes whenever any of the sources does. */
  readonly version: string;
  /**
   * By journey what changes whenever the journey does, or the rules all go by; under {@link SILENCE} the same of whom silence alone
   * lets enter.
   */
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly outlines: ReadonlyMap<string, Outline>;
  /** Every event name anything here could ever react to: what a user awaits of whom nothing is known yet. */
  readonly reactsTo: readonly string[];
  /** The names that are ever looked for in the past: waits on any path, answers of calls, exits, goals, and events that change the stage. */
  readonly looksBackFor: readonly string[];
}

/** Something that was found about a stored journey, in a sentence that names it. */
export interface StoredProblem {
  readonly journey: string;
  readonly text: string;
}

/** The definitions in force in this process. They change while it runs: ask anew for every piece of work. */
export interface DefinitionsProvider {
  readonly current: Definitions;
  /** When the process took them up, real epoch milliseconds. */
  readonly since: number;
  /** How many changes of the stored journeys they contain. */
  readonly changes: number;
  /** What of the stored journeys does not run as it was published. */
  readonly problems: readonly StoredProblem[];
  /** Takes up at once what has changed. */
  refresh(): Promise<void>;
}

/** Definitions that never change. */
export function staticDefinitions(current: Definitions): DefinitionsProvider {
  return { current, since: 0, changes: Number.MAX_SAFE_INTEGER, problems: [], refresh: async () => undefined };
}

/**
 * Prepares definitions for the engine.
 * @throws {TypeError} when two journeys have the same id
 */
export async function compile(sources: Sources): Promise<Definitions> {
  const { journeys, lifecycle, traits } = sources;
  const outlines = new Map<string, Outline>();
  for (const journey of journeys) {
    if (outlines.has(journey.id)) throw new TypeError(`Two journeys have the id '${journey.id}'.`);
    outlines.set(journey.id, await outline(journey, traits));
  }
  const former = await Promise.all(
    journeys.flatMap((journey) => journey.stored?.former ?? []).map((one) => outline(one, traits)),
  );
  const known = [...outlines.values(), ...former];
  const stageEvents = lifecycle.rules.flatMap(({ when }) => (when.kind === 'event' ? [when.name] : []));
  const awaited = unique([
    ...stageEvents.filter((name) => name !== ANY_EVENT_NAME),
    ...journeys.flatMap(allVersions).flatMap(({ exit, goal }) => [...exit, ...(goal ? [goal.event] : [])]),
    ...known.flatMap(({ awaits }) => awaits),
  ]);
  const reactsTo = unique([
    ...awaited,
    ...stageEvents,
    ...journeys.flatMap(triggerNames),
    ...(beginsWithAnything(sources) ? [ANY_EVENT_NAME] : []),
  ]);
  return {
    ...sources,
    version: versionOf(sources, outlines),
    fingerprints: fingerprintsOf(sources, outlines),
    outlines,
    reactsTo,
    // An answer may come while its run is parked, or its journey away for a while.
    looksBackFor: known.some(({ steps }) => steps.some(({ kind }) => kind === 'call')) ? [...awaited, CALLED] : awaited,
  };
}

function triggerNames({ enter }: Journey): string[] {
  if (enter.kind === 'event') return [enter.name];
  return enter.kind === 'milestone' ? [enter.event.name] : [];
}

/** Where silence, or time in the first stage, concerns everybody, it does so from their very first event on. */
function beginsWithAnything({ journeys, lifecycle: { initial, rules } }: Sources): boolean {
  return (
    journeys.some(({ enter }) => enter.kind === 'inactivity') ||
    rules.some(({ from, when }) => when.kind !== 'event' && from.includes(initial))
  );
}

/** The outlines show what steps a journey takes from elsewhere, where its own text says nothing of them. */
function versionOf({ journeys, lifecycle, policy }: Sources, outlines: ReadonlyMap<string, Outline>): string {
  return fingerprint([STATE_FORMAT, journeys, lifecycle, policy, [...outlines]]);
}

function fingerprintsOf(
  { journeys, lifecycle, policy }: Sources,
  outlines: ReadonlyMap<string, Outline>,
): Definitions['fingerprints'] {
  const silence = journeys.flatMap(({ id, enter, reenter }) =>
    enter.kind === 'inactivity' ? [id, enter, reenter] : [],
  );
  return {
    [SILENCE]: fingerprint(silence),
    ...Object.fromEntries(
      journeys.map((journey) => [
        journey.id,
        fingerprint([STATE_FORMAT, lifecycle, policy, journey, outlines.get(journey.id)]),
      ]),
    ),
  };
}

/** A short text that differs where definitions do: the code of functions counts as text, everything else as data. */
export function fingerprint(definitions: unknown): string {
  const asText = (key: string, value: unknown): unknown => {
    // A schema decides nothing here, and one that has been used may look different.
    if (key === 'schema') return undefined;
    return typeof value === 'function' ? value.toString() : value;
  };
  return v5(JSON.stringify(definitions, asText), v5.URL).slice(0, 13);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
