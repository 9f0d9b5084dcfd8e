import type { Definitions } from '../engine/definitions/definitions';
import { forgetAtOf, type ForgetAt } from '../engine/model/forget-at';
import type { JsonObject } from '../engine/model/json';
import { firstLookAt } from '../engine/user/first-look';
import { namesOf } from './ingest-names';
import { textArray } from './text-array';

/** A validated event of an app. Times are epoch milliseconds of the journey clock. */
export interface IncomingEvent {
  readonly userId: string;
  readonly messageId: string;
  readonly type: 'track' | 'page' | 'screen' | 'identify' | 'group' | 'alias';
  readonly name: string;
  /** When it happened, never later than it was received. */
  readonly at: number;
  /** True when the user did this, false when it only happened to them. */
  readonly active: boolean;
  /** Traits to merge into the profile: the text of a JSON object. */
  readonly traits: string | null;
  /**
   * What the client told of the device in `context`: the text of a JSON object with the one trait `fromContext`. It takes effect
   * unless the user was active later. Default: nothing.
   */
  readonly context?: string | null;
  /** The text of a JSON object. */
  readonly properties: string;
  /** Until when properties are kept, whatever the catalogue says. Default: what the catalogue says alone. */
  readonly forgetAt?: ForgetAt | null;
  /** The id of the visitor that the app took the user for before it knew them. If there is such a visitor, they are merged. */
  readonly anonymousId: string | null;
  /** It is history: it wakes nobody, and lets nobody enter. Default: false. */
  readonly history?: boolean;
  /**
   * Of history: what the user agreed to elsewhere, as the text of a JSON object with `channels`, and with `at` (epoch milliseconds) and
   * `source` where they are known. Default: nothing.
   */
  readonly consent?: string | null;
}

/** How events are received. */
export interface Reception {
  /** Epoch milliseconds of the journey clock. */
  readonly receivedAt: number;
  /** Whether events of users who do not exist are left out, such as of those who were erased. Default: they create the user. */
  readonly ofKnownUsers?: boolean;
}

/** The events of a batch: the text of an array for each field. */
interface Columns {
  readonly userIds: string;
  readonly messageIds: string;
  readonly types: string;
  readonly names: string;
  readonly times: string;
  readonly active: string;
  readonly traits: string;
  readonly contexts: string;
  /** The text of a JSON array. */
  readonly properties: string;
  readonly anonymousIds: string;
  /** The names that each event is known by; see `ingest-names.ts`. */
  readonly knownAs: string;
  /** Until when properties are kept: for each event the text of a JSON object, or null. */
  readonly forgetAt: string;
  /** When the first of them is forgotten. */
  readonly forgetNext: string;
  /** Of history, which wakes nobody, so that the row of the user itself has to say when to look at them: this time for each event. */
  readonly lookAt: string;
  /** Of history: what each event says of consent. */
  readonly consents: string;
}

/** The parameters of the ingest statement: the events of a batch, and what the caller knows. */
export interface IngestValues extends Columns {
  readonly version: string;
  readonly reactsTo: readonly string[];
  readonly reactsToExactly: readonly string[];
  readonly dates: readonly string[];
  readonly hasCalendar: boolean;
  readonly changes: number;
  readonly receivedAt: number;
  /** The watched traits that calls set: the texts of arrays; see `ingest-changes.ts`. */
  readonly setPlaces: string;
  readonly setTraits: string;
  readonly setKnownAs: string;
}

/** What a batch may contain besides events of users. PostgreSQL prepares half the statement for nothing when it contains neither. */
export interface Content {
  /** Whether any call has traits or a context. */
  readonly traits: boolean;
  /** Whether any call names an anonymous id beside its user. */
  readonly visitors: boolean;
  /** Whether any event may have a narrowed name. */
  readonly narrowed: boolean;
  /** Whether any call sets a watched trait. */
  readonly changes: boolean;
  /** Whether properties of any event are forgotten after a time. */
  readonly forgets: boolean;
  /** Whether events of users who do not exist are left out. */
  readonly ofKnownUsers: boolean;
  /** Whether all of it is history. */
  readonly history: boolean;
}

/**
 * What a batch contains, apart from whom it takes.
 * @param changes whether any call sets a watched trait. A change always has names of its own
 */
export function contentOf(
  events: readonly IncomingEvent[],
  { narrowed, forget }: Pick<Definitions, 'narrowed' | 'forget'>,
  changes: boolean,
): Omit<Content, 'ofKnownUsers'> {
  return {
    changes,
    history: events[0]?.history === true,
    forgets: events.some(({ name, forgetAt }) => forget.has(name) || forgetAt),
    narrowed: changes || (narrowed.size > 0 && events.some(({ name }) => narrowed.has(name))),
    traits: events.some(({ traits, context }) => traits !== null || context != null),
    visitors: events.some(({ anonymousId }) => anonymousId !== null),
  };
}

/** When to look at the user of each event of imported history. It wakes nobody, so the row of the user has to say so. */
function looksAt(events: readonly IncomingEvent[], definitions: Definitions, receivedAt: number): (number | null)[] {
  return events.map(({ at, type, traits }) => {
    const given = type === 'identify' && traits !== null ? (JSON.parse(traits) as JsonObject) : null;
    return firstLookAt(definitions, { at, receivedAt, traits: given });
  });
}

/** The events of a batch by field. A field that the batch does not contain stays empty: its statement does not read it. */
export function columnsOf(
  events: readonly IncomingEvent[],
  { traits, visitors, narrowed, forgets, history }: Omit<Content, 'ofKnownUsers'>,
  definitions: Definitions,
  receivedAt: number,
): Columns {
  const forgetAt = forgets ? events.map((event) => keptUntil(event, definitions, receivedAt)) : [];
  return {
    userIds: textArray(events.map(({ userId }) => userId)),
    messageIds: textArray(events.map(({ messageId }) => messageId)),
    types: textArray(events.map(({ type }) => type)),
    names: textArray(events.map(({ name }) => name)),
    times: `{${events.map(({ at }) => at).join()}}`,
    active: `{${events.map(({ active }) => active).join()}}`,
    traits: traits ? textArray(events.map((event) => event.traits)) : '',
    contexts: traits ? textArray(events.map(({ context }) => context ?? null)) : '',
    properties: `[${events.map(({ properties }) => properties).join()}]`,
    knownAs: narrowed ? textArray(events.map((event) => namesOf(event, definitions))) : '',
    anonymousIds: visitors ? textArray(events.map(({ anonymousId }) => anonymousId)) : '',
    forgetAt: forgets ? textArray(forgetAt.map((times) => times && JSON.stringify(times))) : '',
    lookAt: history
      ? `{${looksAt(events, definitions, receivedAt)
          .map((at) => at ?? 'NULL')
          .join()}}`
      : '',
    consents: history ? textArray(events.map(({ consent }) => consent ?? null)) : '',
    forgetNext: `{${forgetAt.map((times) => (times ? Math.min(...Object.values(times)) : 'NULL')).join()}}`,
  };
}

/** Until when properties of an event are kept; null for good. */
function keptUntil(
  { name, properties, forgetAt }: IncomingEvent,
  { forget }: Pick<Definitions, 'forget'>,
  receivedAt: number,
): ForgetAt | null {
  const declared = forget.get(name);
  if (!declared) return forgetAt ?? null;
  return forgetAtOf(declared, JSON.parse(properties) as JsonObject, receivedAt, forgetAt ?? undefined) ?? null;
}
