import { CALLED } from '../user/commands';
import type { Definitions } from '../definitions/definitions';
import type { JsonObject } from '../model/json';
import { MemoryHost, type MemoryUser } from '../testing/memory-host';
import { openCalls } from '../model/run';
import { reachableBy } from '../model/reach';
import type { ChannelName, UserEvent } from '../model/state';

/** An event as stored: `type` is that of the call it came by, as in Segment's spec, or one of our own. */
export interface LivedEvent extends Omit<UserEvent, 'pending'> {
  readonly type: string;
}

/** What is known of a person: who they are today, and what they did, in the order it was received. */
export interface Life {
  readonly id: string;
  readonly createdAt: number;
  readonly traits: JsonObject;
  readonly consent: Readonly<Partial<Record<ChannelName, boolean>>>;
  readonly hasPush: boolean;
  readonly events: readonly LivedEvent[];
}

/**
 * Lives a life again from its first event on, under definitions that are in force all the time, up to a moment: the engine of
 * the server, never late. Traits come as `identify` and `group` brought them, those that came otherwise are there from the
 * beginning; consent and push are as they are today. What was received at one moment came in one request. Calls answer what they
 * answered, and null where they never did.
 * @param until epoch milliseconds
 * @param born makes the one who lives; default one who remembers everything
 */
export async function replayLife(
  life: Life,
  definitions: Definitions,
  until: number,
  born = (user: MemoryUser): MemoryHost => new MemoryHost(user, definitions),
): Promise<MemoryHost> {
  const { id, createdAt, hasPush, consent, events } = life;
  const traits = traitsBefore(life);
  const host = born({ id, createdAt, consent, traits, reachable: reachableBy(traits, hasPush) });
  const answered = new Set(events.filter(({ name }) => name === CALLED).map(({ properties }) => callOf(properties)));
  for (const together of requestsIn(events)) {
    const now = together[0].receivedAt;
    if (now > until) break;
    await host.passUntil(now - 1, (at) => answerCalls(host, at, answered));
    for (const event of together) bring(event, host, hasPush);
    const told = together.filter((event) => !isUntold(event, host));
    if (told.length > 0)
      await host.take(
        told.map(({ type: _, ...event }) => event),
        now,
      );
    await answerCalls(host, now, answered);
  }
  await host.passUntil(until, (at) => answerCalls(host, at, answered));
  return host;
}

/** Events received at the same moment came together. */
function requestsIn(events: readonly LivedEvent[]): [LivedEvent, ...LivedEvent[]][] {
  const requests: [LivedEvent, ...LivedEvent[]][] = [];
  for (const event of events) {
    const last = requests.at(-1);
    if (last?.[0].receivedAt === event.receivedAt) last.push(event);
    else requests.push([event]);
  }
  return requests;
}

/** Traits that come by an event, as the database merges them. */
function bring(event: LivedEvent, host: MemoryHost, hasPush: boolean): void {
  const brought = traitsOf(event);
  if (!brought) return;
  const merged = merge(host.state.traits, brought);
  host.identify(merged, reachableBy(merged, hasPush));
}

/** Calls of an app that no journey is told of; an identify is a sign of life to whom the engine knows, as ingest has it. */
function isUntold({ type, at, active }: LivedEvent, host: MemoryHost): boolean {
  if (type !== 'identify') return type === 'group' || type === 'alias';
  if (active !== false) host.see(at);
  return host.state.memory === null;
}

/** Today's traits without those an event of the life brings. */
function traitsBefore({ traits, events }: Life): JsonObject {
  const brought = new Set(events.flatMap((event) => Object.keys(traitsOf(event) ?? {})));
  return Object.fromEntries(Object.entries(traits).filter(([name]) => !brought.has(name)));
}

/** The traits an event brings, as the API reads them; null for none. */
function traitsOf({ type, properties }: LivedEvent): JsonObject | null {
  if (type === 'identify') return properties;
  const { groupId } = properties;
  return type === 'group' && typeof groupId === 'string' ? { groups: { [groupId]: properties } } : null;
}

/** Trait by trait, and `groups` among them group by group, as the database does. */
function merge(old: JsonObject, brought: JsonObject): JsonObject {
  const groups = { ...asObject(old['groups']), ...asObject(brought['groups']) };
  return { ...old, ...brought, ...(Object.keys(groups).length > 0 && { groups }) };
}

function asObject(value: JsonObject[string] | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** Answers what is open and never was answered in this life. */
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
