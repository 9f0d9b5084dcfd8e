import type { Journey } from '../authoring/journey';
import type { Lifecycle } from '../authoring/lifecycle';
import type { JsonObject } from '../model/json';
import type { ChannelName, StepKind } from '../model/state';
import type { Policy } from '../policy/define';

/** A step as the journey's code states it. */
export interface OutlineStep {
  readonly step: string;
  readonly kind: StepKind;
  /** Duration, variants, templates: what a diagram would say. */
  readonly text: string;
  readonly templates: Partial<Record<ChannelName, string>>;
  readonly data: JsonObject;
  readonly awaits: readonly string[];
  /** It has a function called, and waits for the answer. */
  readonly calls?: true;
}

/** That one step can follow another, and the outcome that leads there; null is the journey's beginning or end. */
export interface OutlineEdge {
  readonly from: string | null;
  readonly to: string | null;
  readonly when: string;
}

/** What can be known of a journey without running it for anyone. */
export interface Outline {
  readonly steps: readonly OutlineStep[];
  readonly edges: readonly OutlineEdge[];
  readonly awaits: readonly string[];
  readonly paths: number;
  /** There were more paths, or longer ones, than were walked. */
  readonly truncated: boolean;
  /** Mistakes met on the way: overlapping steps, a repeated name, an exception. */
  readonly errors: readonly { readonly step: string | null; readonly message: string }[];
}

/** What a team defines. */
export interface Sources {
  readonly journeys: readonly Journey[];
  readonly lifecycle: Lifecycle;
  readonly policy: Policy;
  /** The traits a user may have, by example: what templates may use. */
  readonly traits: JsonObject;
}

/** The key of `Definitions.fingerprints` for entries by time. No journey has this id. */
export const BY_TIME = '';

/** Everything a team defines, as the engine takes it. */
export interface Definitions extends Sources {
  /** Changes whenever any of the sources does. */
  readonly version: string;
  /**
   * By journey, a text that changes whenever the journey does, or the rules that all go by. Under {@link BY_TIME} stands
   * the same of the journeys that time alone lets users enter.
   */
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly outlines: ReadonlyMap<string, Outline>;
  /** Every event name that anything here could ever react to: what a user awaits before the first advance. */
  readonly reactsTo: readonly string[];
  /** The names that are ever looked for in the past: of waits on any path, answers of calls, exits, goals, and events that change the stage. */
  readonly looksBackFor: readonly string[];
}

/** A problem with a stored journey, in a sentence that names the journey. */
export interface StoredProblem {
  readonly journey: string;
  readonly text: string;
}

/** Provides the current definitions of this process. They change while it runs: ask anew for every piece of work. */
export interface DefinitionsProvider {
  readonly current: Definitions;
  /** When the process loaded them, real epoch milliseconds. */
  readonly since: number;
  /** How many changes of the stored journeys they include. */
  readonly changes: number;
  /** The stored journeys that do not run as they were published. */
  readonly problems: readonly StoredProblem[];
  /** Loads what has changed, at once. */
  refresh(): Promise<void>;
}

/** Definitions that never change. */
export function staticDefinitions(current: Definitions): DefinitionsProvider {
  return { current, since: 0, changes: Number.MAX_SAFE_INTEGER, problems: [], refresh: async () => undefined };
}
