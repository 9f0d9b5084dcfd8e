import type { Journey } from '../authoring/journey';
import type { NarrowedName } from '../authoring/narrowed';
import type { EventDefinition } from '../authoring/event';
import type { Lifecycle } from '../authoring/lifecycle';
import type { Forget } from '../model/forget-at';
import type { JsonObject } from '../model/json';
import type { ChannelSpec } from '../model/channels';
import type { ChannelName, StepKind } from '../model/state';
import type { Chats } from '../chats/chat';
import type { Flags } from '../flags/flag';
import type { Topics } from '../topics/topic';
import type { Policy } from '../policy/define';

/** What a step does by which somebody may enter a journey: it tracks an event, or starts the journey. */
export type LeadsTo = { readonly event: string } | { readonly journey: string };

/** A step of an outline, as the journey's code calls it. */
export interface OutlineStep {
  readonly step: string;
  readonly kind: StepKind;
  /** Its duration, variants or templates, as a diagram shows them. */
  readonly text: string;
  readonly templates: Partial<Record<ChannelName, string>>;
  readonly data: JsonObject;
  /** The names of the events it waits for. */
  readonly awaits: readonly string[];
  /** The awaited events that a filter narrows, as text. Absent if there are none. */
  readonly filters?: readonly string[];
  /** The same as far as the filters are data. Absent if none is. */
  readonly narrowed?: readonly NarrowedName[];
  /** The journey that it starts. */
  readonly starts?: string;
  /** It calls a function and waits for the answer. */
  readonly calls?: true;
}

/** One step can follow another after this outcome. `from: null` is the journey's start, `to: null` its end. */
export interface OutlineEdge {
  readonly from: string | null;
  readonly to: string | null;
  readonly when: string;
}

/** The steps and paths of a journey, found without a user. */
export interface Outline {
  readonly steps: readonly OutlineStep[];
  readonly edges: readonly OutlineEdge[];
  /** The names of all events that a step waits for. */
  readonly awaits: readonly string[];
  /** What every path does before it first takes time. Absent if there is nothing. */
  readonly leadsTo?: readonly LeadsTo[];
  /** How long properties of the events that a step waits for are kept, by event and property. Absent if all are. */
  readonly forget?: Readonly<Record<string, Forget>>;
  /** The number of paths that were walked. */
  readonly paths: number;
  /** The journey has more or longer paths than were walked. */
  readonly truncated: boolean;
  /** The mistakes found on the paths: overlapping steps, a repeated name, an exception. */
  readonly errors: readonly { readonly step: string | null; readonly message: string }[];
}

/** Everything a team defines. */
export interface Sources {
  readonly journeys: readonly Journey[];
  readonly lifecycle: Lifecycle;
  readonly policy: Policy;
  /** Example traits of a user. Templates may use these traits. */
  readonly traits: JsonObject;
  /** The flags of the app, which decide nothing in a journey. Absent if there are none. */
  readonly flags?: Flags | undefined;
  /** The chats of the app. Absent if there are none. */
  readonly chats?: Chats | undefined;
  /** The topics to which people can subscribe. Absent if there are none. */
  readonly topics?: Topics | undefined;
  /** The channels of the team's own. Absent if there are none. */
  readonly channels?: readonly ChannelSpec[] | undefined;
  /** The events of the catalogue. Default: those that journeys are entered by or wait for. */
  readonly events?: readonly EventDefinition<unknown>[];
}

/** The key of `Definitions.fingerprints` for entries by time. No journey has this id. */
export const BY_TIME = '';

/** The key of `Definitions.fingerprints` for entries by a date. No journey has this id. */
export const BY_DATE = ' ';

/** Everything a team defines, compiled for the engine. */
export interface Definitions extends Sources {
  /** Changes whenever any of the sources does. */
  readonly version: string;
  /**
   * By journey id, a text that changes whenever the journey, the lifecycle or the policy changes. Under {@link BY_TIME}, a text
   * that changes whenever a journey that everyone can enter by time alone changes; under {@link BY_DATE}, the same for journeys that a
   * date in a trait lets users enter, if there are any.
   */
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly outlines: ReadonlyMap<string, Outline>;
  /** The names of all events that can matter to any user. A user awaits them before the first advance. */
  readonly reactsTo: readonly string[];
  /** The same, but a trigger, exit or goal with a filter that is data is under its narrowed name. */
  readonly reactsToExactly: readonly string[];
  /** By the name of an event, the narrowed names under which it is awaited. */
  readonly narrowed: ReadonlyMap<string, readonly NarrowedName[]>;
  /** The traits with dates by which users enter. A change of one matters at once, also to users the engine does not know yet. */
  readonly dates: readonly string[];
  /** The traits whose changes can matter to any user. */
  readonly watchedTraits: readonly string[];
  /** The calendar lets users enter. Then a call that sets traits makes a user known to the engine, as an event does. */
  readonly hasCalendar: boolean;
  /**
   * The names of all events that are searched in a user's past: those of waits, answers to calls, exits, goals and stage rules.
   */
  readonly looksBackFor: readonly string[];
  /**
   * By the name of an event, how far back steps ask for it, milliseconds; `Infinity` for all of the past. What a step asks of some people
   * only may be missing.
   */
  readonly lookBack: ReadonlyMap<string, number>;
  /** By the name of an event, how long its properties are kept. An event that keeps all of them is not in it. */
  readonly forget: ReadonlyMap<string, Forget>;
}

/** A problem with a stored journey. The text is a sentence that names the journey. */
export interface StoredProblem {
  readonly journey: string;
  readonly text: string;
}

/** Provides the current definitions of this process. They can change while it runs, so ask again for each piece of work. */
export interface DefinitionsProvider {
  readonly current: Definitions;
  /** When the process loaded them, in milliseconds of its steady clock (`performance.now`). */
  readonly since: number;
  /** The number of changes of the stored journeys that they include. */
  readonly changes: number;
  /** The problems with stored journeys that do not run as they were published. */
  readonly problems: readonly StoredProblem[];
  /** Loads changes of the stored journeys at once. */
  refresh(): Promise<void>;
}

/** Definitions that never change. */
export function staticDefinitions(current: Definitions): DefinitionsProvider {
  return { current, since: 0, changes: Number.MAX_SAFE_INTEGER, problems: [], refresh: async () => undefined };
}
