import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { Database } from './database';
import { flagsMayChangeFor } from './flag-changes';
import { announceInApp } from './in-app-announcements';
import { mergeAliases, type AliasCall } from './merge-aliases';
import { mergeUsers, type Mergeable, type MergeRefusal } from './merge-users';
import type { PendingEvent } from './pending';
import type { IncomingEvent, Reception } from './ingest-values';
import { storeEvents, type StoredEvents } from './store-events';

/** The content of one request, in the order it was sent. */
export interface Batch extends Reception {
  readonly events: readonly IncomingEvent[];
  readonly aliases: readonly AliasCall[];
}

/** The result of a batch: how many of its events are new, and which events are awaited. */
export interface Ingested {
  readonly stored: number;
  readonly pending: readonly PendingEvent[];
  /** The events that are not stored, by their position in the batch. */
  readonly refused: ReadonlyMap<number, Refusal>;
  /** Whether nothing was stored because the batch takes only known users, and has none. */
  readonly isOfNobody: boolean;
}

/**
 * Why an event is not stored: the ids of an `alias` call are not merged, or its traits would make those of the user larger than
 * `MAX_TRAITS_BYTES`. The traits of one user are weighed together.
 */
export type Refusal = MergeRefusal | 'traits too large';

/**
 * Stores a batch of events. An event that is already stored is left as it is.
 *
 * A batch of any size takes one round trip, and one more if it mixes history with other events. Each 250 of its aliases take one more,
 * and so do each 250 anonymous ids with a profile, after which the batch is sent again.
 * Merging takes the patient connections: a visitor with a long history has to be merged at one go, however long that takes.
 * @param mergeable who the batch's aliases may merge into a user. A call with both ids only ever merges a visitor
 */
export async function ingest(
  { pool, patient }: Database,
  definitions: DefinitionsProvider,
  batch: Batch,
  mergeable: Mergeable = 'visitors',
): Promise<Ingested> {
  const pending = new Map<string, PendingEvent>();
  const asked = await mergeAliases(patient, batch, mergeable);
  note(pending, asked.pending);
  const refused = new Map<number, Refusal>(asked.refused);
  let stored = 0;
  let isOfNobody = false;
  for (const places of portionsOf(batch.events, asked.refused)) {
    const row = await storeMerging({ pool, patient }, definitions, batch, places, pending);
    for (const place of row.tooLarge ?? []) refused.set(places[place] ?? place, 'traits too large');
    stored += row.stored;
    isOfNobody = row.isOfNobody;
  }
  return { stored, pending: [...pending.values()], refused, isOfNobody };
}

/** The places of the events that one statement stores. History comes first, as it did in the lives of the users. */
function portionsOf(events: readonly IncomingEvent[], refused: ReadonlyMap<number, Refusal>): number[][] {
  const places = [...events.keys()].filter((place) => !refused.has(place));
  const history = places.filter((place) => events[place]?.history);
  if (history.length === 0) return [places];
  const others = places.filter((place) => !events[place]?.history);
  return others.length === 0 ? [history] : [history, others];
}

/** Stores the events at these places, and merges visitors for as long as that needs it. */
async function storeMerging(
  { pool, patient }: Pick<Database, 'pool' | 'patient'>,
  definitions: DefinitionsProvider,
  batch: Batch,
  places: readonly number[],
  pending: Map<string, PendingEvent>,
): Promise<StoredEvents> {
  for (let events = places.flatMap((place) => batch.events[place] ?? []); ;) {
    const row = await storeEvents(pool, definitions, events, batch);
    note(pending, row.pending ?? []);
    const { merges } = row;
    if (merges === null) {
      announceInApp(pool, flagsMayChangeFor(events, definitions.current));
      return row;
    }
    const joined = await mergeUsers(patient, merges, 'visitors', batch.receivedAt);
    note(pending, joined.pending);
    // A visitor who can't be merged stays as they are, and the calls are the user's alone.
    const apart = new Set([...joined.refused.keys()].map((n) => merges[n]?.previousId));
    events = events.map((event) =>
      apart.has(event.anonymousId ?? undefined) ? { ...event, anonymousId: null } : event,
    );
  }
}

/** Adds events by id: if an event was pending before and after a merge, the later entry counts. */
function note(pending: Map<string, PendingEvent>, events: readonly PendingEvent[]): void {
  for (const event of events) pending.set(event.id, event);
}
