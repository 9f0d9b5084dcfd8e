import { CALLED } from '../user/commands';
import type { Definitions } from '../definitions/definitions';
import { channelOf, CONSENT_EVENTS } from '../model/consent';
import { afterEvent } from '../model/preferences';
import type { Preferences } from '../model/topic-answer';
import type { JsonObject } from '../model/json';
import { importHistory } from '../testing/imported-history';
import { MemoryHost, type MemoryUser } from '../testing/memory-host';
import { openCalls } from '../model/run';
import { reachableBy } from '../model/reach';
import type { ChannelName, UserEvent } from '../model/state';
import { hopsOf } from '../model/tracked';
import { changesOf, traitChangedBy } from '../model/trait-change';
import { isMetBy } from '../user/triggers';
import { withStandIns } from './stand-ins';

/** A stored event. `type` is the type of its API call in Segment's spec, such as `track`, or `internal`. */
export interface LivedEvent extends Omit<UserEvent, 'pending'> {
  readonly type: string;
}

/** What somebody else said about a group that the person was ever said to belong to. */
export interface SaidOfGroup {
  readonly groupId: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly properties: JsonObject;
}

/** Everything that is stored of a person: their profile today, and their events in the order of receipt. */
export interface Life {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly traits: JsonObject;
  readonly consent: Readonly<Partial<Record<ChannelName, boolean>>>;
  /** The answers about topics. Absent if there are none. */
  readonly topics?: Preferences | undefined;
  readonly hasPush: boolean;
  /** Whether an app has registered a device of theirs. Default: false. */
  readonly hasDevice?: boolean;
  /** The id by which experiments were assigned; null if none was. */
  readonly assignedAs?: string | null;
  readonly events: readonly LivedEvent[];
  /** In the order of receipt. Absent if nothing is known. */
  readonly saidOfGroups?: readonly SaidOfGroup[];
}

/**
 * Replays a life from its first event, with the production engine and without delays. The same definitions are in force
 * all the time.
 *
 * - Traits change as `identify` and `group` events changed them. Traits from other sources exist from the beginning.
 * - If no change of a watched trait is stored, because no journey watched it then, the `identify` events tell the changes.
 * - What is known of the person's groups changes as they and others told it. Nobody else is known as a member.
 * - Consent changes as the person changed it, and as the steps of journeys do. An answer without an event is that of today, from the beginning.
 * - Browsers and devices with push are those of today.
 * - Answers about topics change as their events tell. A topic without an event has the answer of today, from the beginning.
 * - Imported history is imported.
 * - Events received at the same moment are treated as one request.
 * - Calls get their stored answers; a call without one gets null.
 * - What was forgotten since has a stand-in, until the time at which it was forgotten.
 * @param until the end of the replay, epoch milliseconds
 * @param createHost makes the host of the user; the default keeps the whole history
 * @returns the host in its final state
 */
export async function replayLife(
  stored: Life,
  definitions: Definitions,
  until: number,
  createHost = (user: MemoryUser): MemoryHost => new MemoryHost(user, definitions),
): Promise<MemoryHost> {
  const life = { ...stored, events: withStandIns(stored.events, definitions) };
  const { id, createdAt, hasPush, hasDevice, events, assignedAs, saidOfGroups = [] } = life;
  const [traits, consent] = [traitsBefore(life), consentBefore(life)];
  const topics = topicsBefore(life);
  const user = { id, createdAt, consent, topics, traits, reachable: reachableBy(traits, hasPush, hasDevice) };
  const host = createHost({ ...user, ...(assignedAs != null && { assignedAs }) });
  host.receivesOwn = false;
  const untold = definitions.watchedTraits.filter((trait) => !events.some((event) => isStoredChange(event, trait)));
  const answered = new Set(events.filter(({ name }) => name === CALLED).map(({ properties }) => callOf(properties)));
  const pass = (end: number): Promise<void> => host.passUntil(end, (at) => answerCalls(host, at, answered));
  const untoldOfGroups = [...saidOfGroups];
  /** Tells what is known of groups at an instant, after all that was due before. */
  const tellOfGroups = async (by: number): Promise<void> => {
    for (let [said] = untoldOfGroups; said && said.receivedAt <= by; [said] = untoldOfGroups) {
      await pass(said.receivedAt - 1);
      host.learn(said.groupId, said.properties);
      untoldOfGroups.shift();
    }
  };
  for (const together of requestsIn(events)) {
    const now = together[0].receivedAt;
    if (now > until) break;
    await tellOfGroups(now);
    await pass(now - 1);
    const changes = together.flatMap((event) => {
      const changed = changesBy(event, host, untold);
      mergeTraits(event, host, life);
      changeConsent(event, host);
      return changed;
    });
    const relevant = together.filter((event) => !isForProfileOnly(event, host));
    const untyped = relevant.map(({ type: _, ...event }) => event);
    const history = untyped.filter((event) => event.history);
    if (history.length > 0) importHistory(host, history, now);
    const others = [...untyped.filter((event) => !event.history), ...changes];
    if (others.length > 0) await host.take(others, now);
    await answerCalls(host, now, answered);
  }
  await tellOfGroups(until);
  await pass(until);
  return host;
}

/** Is it a change that was stored with the call that made it? A change by a journey is stored as one that the journey tracked. */
function isStoredChange({ name, properties }: LivedEvent, trait: string): boolean {
  return traitChangedBy(name) === trait && hopsOf(properties) === 0;
}

/** The changes that an `identify` makes, of these traits. */
function changesBy(event: LivedEvent, host: MemoryHost, traits: readonly string[]): Omit<UserEvent, 'pending'>[] {
  if (event.type !== 'identify' || event.history) return [];
  return changesOf(host.state.traits, event.properties, traits).map(({ name, properties }) => {
    const { id, at, receivedAt } = event;
    return { id: `${id} ${name}`, name, at, receivedAt, properties, active: false };
  });
}

/** The answers before those that events of the life tell. The first event of a channel says what it changed. */
function consentBefore({ consent, events }: Life): Partial<Record<ChannelName, boolean>> {
  const before = { ...consent };
  for (const change of [...events].reverse().map(consentIn)) if (change) before[change.channel] = !change.answer;
  return before;
}

/** The answers about topics of which no event of the life tells. */
function topicsBefore({ topics = {}, events }: Life): Preferences {
  const told = new Set(events.filter(isByPerson).map(({ properties }) => properties['topic']));
  return Object.fromEntries(Object.entries(topics).filter(([topic]) => !told.has(topic)));
}

/** Changes consent as the person did. What a journey withdrew, its step withdraws again. */
function changeConsent(event: LivedEvent, host: MemoryHost): void {
  if (isByPerson(event)) {
    const { topics = {} } = host.state.reach;
    const { topic } = event.properties;
    const after = afterEvent(topics, event);
    if (typeof topic === 'string' && after !== topics) host.answerTopic(topic, after[topic] ?? {});
  }
  const change = consentIn(event);
  if (change && isByPerson(event)) host.consent(change.channel, change.answer);
}

function isByPerson({ type }: LivedEvent): boolean {
  return type === 'consent';
}

/** The answer that an event changed; null for any other event. */
function consentIn(event: LivedEvent): { channel: ChannelName; answer: boolean } | null {
  const { name, properties, history } = event;
  // What was agreed to elsewhere may not have counted, so it is among the answers of today.
  const channel = history ? undefined : channelOf(event);
  const isWithdrawn = name === CONSENT_EVENTS.unsubscribed;
  if (!channel || !(isWithdrawn || name === CONSENT_EVENTS.subscribed)) return null;
  return isByPerson(event) || (isWithdrawn && hopsOf(properties) > 0) ? { channel, answer: !isWithdrawn } : null;
}

/** Groups events that were received at the same moment. */
function requestsIn(events: readonly LivedEvent[]): [LivedEvent, ...LivedEvent[]][] {
  const requests: [LivedEvent, ...LivedEvent[]][] = [];
  for (const event of events) {
    const last = requests.at(-1);
    if (last?.[0].receivedAt === event.receivedAt) last.push(event);
    else requests.push([event]);
  }
  return requests;
}

/** Merges the traits of an event into the profile, as the database does. */
function mergeTraits(event: LivedEvent, host: MemoryHost, { hasPush, hasDevice }: Life): void {
  const added = traitsOf(event);
  if (!added) return;
  const group = groupIn(event);
  if (group !== null) host.join(group, event.properties);
  const merged = merge(host.state.traits, added);
  host.identify(merged, reachableBy(merged, hasPush, hasDevice));
}

/**
 * Does the event change the profile only, and not reach journeys? An identify reaches them only once the engine knows
 * the user, unless it makes the user known. It also counts as activity, as on the server.
 */
function isForProfileOnly({ type, at, active, properties, history }: LivedEvent, host: MemoryHost): boolean {
  if (type !== 'identify') return type === 'group' || type === 'alias';
  // Its time may be that of the first look.
  if (history) return false;
  if (active !== false) host.see(at);
  return host.state.memory === null && !isMetBy(host.definitions, properties);
}

/** Today's traits, without those that an event of the life sets. */
function traitsBefore({ traits, events }: Life): JsonObject {
  const setLater = new Set(events.flatMap((event) => Object.keys(traitsOf(event) ?? {})));
  return Object.fromEntries(Object.entries(traits).filter(([name]) => !setLater.has(name)));
}

/**
 * The traits that an event sets, as the API reads them.
 * @returns null when it sets none
 */
function traitsOf(event: LivedEvent): JsonObject | null {
  if (event.type === 'identify') return event.properties;
  const group = groupIn(event);
  return group === null ? null : { groups: { [group]: event.properties } };
}

/** The id of the group in a `group` call; null for any other call. */
function groupIn({ type, properties }: LivedEvent): string | null {
  const { groupId } = properties;
  return type === 'group' && typeof groupId === 'string' ? groupId : null;
}

/** Merges trait by trait, and `groups` group by group, as the database does. */
function merge(old: JsonObject, added: JsonObject): JsonObject {
  const groups = { ...asObject(old['groups']), ...asObject(added['groups']) };
  return { ...old, ...added, ...(Object.keys(groups).length > 0 && { groups }) };
}

function asObject(value: JsonObject[string] | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** Answers with null each open call that has no stored answer. */
async function answerCalls(host: MemoryHost, now: number, answered: ReadonlySet<string>): Promise<void> {
  const next = (): { run: string; step: string } | undefined =>
    host.state.runs
      .flatMap(openCalls)
      .map(({ runId, step }) => ({ run: runId, step }))
      .find((call) => !answered.has(callOf(call)));
  for (let call = next(); call; call = next()) {
    const properties = { ...call, result: null };
    await host.take([{ id: callOf(call), name: CALLED, at: now, receivedAt: now, properties }], now);
  }
}

function callOf({ run, step }: JsonObject): string {
  return JSON.stringify([run, step]);
}
