import type { ForgetAt } from './forget-at';
import type { Json, JsonObject } from './json';
import { getOwn } from './own-property';
import type { Message, RecordedEvent, Run, StepRecord } from './state';

interface Forgettable {
  readonly forgetAt?: ForgetAt | null;
}

/** The object without these properties. */
export function without(properties: JsonObject, names: readonly string[]): JsonObject {
  if (names.length === 0) return properties;
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

function due(forgetAt: ForgetAt, properties: JsonObject, now: number): string[] {
  return Object.entries(forgetAt).flatMap(([name, at]) => (at < now && Object.hasOwn(properties, name) ? [name] : []));
}

/**
 * The event without the properties whose time is over.
 * @param now epoch milliseconds
 * @returns the same object when none is
 */
export function forgetInEvent<Event extends Forgettable & { readonly properties: JsonObject }>(
  event: Event,
  now: number,
): Event {
  const { forgetAt, properties } = event;
  const names = forgetAt ? due(forgetAt, properties, now) : [];
  return names.length === 0 ? event : { ...event, properties: without(properties, names) };
}

/** The same for a message. It expires with the first property of its data that is forgotten, so all of the data goes then. */
export function forgetInMessage(message: Message, now: number): Message {
  const { forgetAt, data } = message;
  if (!forgetAt || due(forgetAt, data, now).length === 0) return message;
  return { ...message, data: {} };
}

/** The same for all events that a run keeps: the one that let the user enter, and those that ended its waits. */
export function forgetInRun(run: Run, now: number): Run {
  const trigger = forgetInEvent(run.trigger, now);
  // Hardly any run keeps such events, so nothing is made before one is found.
  if (trigger === run.trigger && !run.journal.some((record) => forgetInRecord(record, now) !== record)) return run;
  return { ...run, trigger, journal: run.journal.map((record) => forgetInRecord(record, now)) };
}

function forgetInRecord(record: StepRecord, now: number): StepRecord {
  const { status, outcome } = record;
  if (status !== 'done') return record;
  const left = (value: Json): Json =>
    isEvent(value) ? (forgetInEvent(value as unknown as RecordedEvent, now) as unknown as Json) : value;
  if (!Array.isArray(outcome)) return left(outcome) === outcome ? record : { ...record, outcome: left(outcome) };
  return outcome.every((one) => left(one) === one) ? record : { ...record, outcome: outcome.map(left) };
}

/** The events with properties to forget that a step was decided by. Code never gets the times, so no other outcome has them. */
function eventsIn({ outcome }: Pick<StepRecord, 'outcome'>): readonly RecordedEvent[] {
  const all = Array.isArray(outcome)
    ? outcome.filter(isEvent)
    : outcome !== undefined && isEvent(outcome)
      ? [outcome]
      : [];
  return all as unknown as readonly RecordedEvent[];
}

function isEvent(value: Json): boolean {
  return typeof value === 'object' && value !== null && 'forgetAt' in value && 'properties' in value;
}

/** The events of a run that have, or had, properties to forget. */
function forgettingEvents({ trigger }: Pick<Run, 'trigger'>, journal: Iterable<StepRecord>): RecordedEvent[] {
  return [trigger, ...[...journal].flatMap(eventsIn)].filter(({ forgetAt }) => forgetAt);
}

/** When the next property that a run keeps is forgotten, epoch milliseconds; null when none is. */
export function nextForgotten(run: Pick<Run, 'trigger' | 'journal'>): number | null {
  const times = forgettingEvents(run, run.journal).flatMap(({ forgetAt, properties }) =>
    Object.entries(forgetAt ?? {}).flatMap(([name, at]) => (Object.hasOwn(properties, name) ? [at] : [])),
  );
  return times.length === 0 ? null : Math.min(...times);
}

/** What a run knows of properties that are forgotten. */
export interface Secrets {
  /** Those that are still kept: the texts in them, and until when, epoch milliseconds. */
  readonly kept: readonly { readonly texts: readonly string[]; readonly at: number }[];
  /** Until when those were kept that are gone, epoch milliseconds. */
  readonly gone: readonly number[];
}

/**
 * What a run knows of properties that are forgotten.
 * @param journal its records so far
 */
export function secretsOf(run: Pick<Run, 'trigger'>, journal: Iterable<StepRecord>): Secrets {
  const all = forgettingEvents(run, journal).flatMap(({ forgetAt, properties }) =>
    Object.entries(forgetAt ?? {}).map(([name, at]) => ({ value: getOwn(properties, name), at })),
  );
  return {
    kept: all.flatMap(({ value, at }) => (value === undefined ? [] : [{ texts: textsIn(value), at }])),
    gone: all.flatMap(({ value, at }) => (value === undefined ? [at] : [])),
  };
}

/**
 * Until when the properties of an object may be kept that hold a value to be forgotten: as it is, or within a text or a list.
 * @returns undefined when none does
 */
export function copiesIn(given: JsonObject, { kept }: Secrets): ForgetAt | undefined {
  if (kept.length === 0) return undefined;
  const copies = Object.entries(given).flatMap(([name, value]) => {
    const texts = textsIn(value);
    const times = kept.filter((secret) => secret.texts.some((one) => texts.some((text) => holds(text, one))));
    return times.length === 0 ? [] : [[name, Math.min(...times.map(({ at }) => at))] as const];
  });
  return copies.length === 0 ? undefined : Object.fromEntries(copies);
}

/** A shorter text is found within another by chance, so it has to be the whole text. */
const SHORTEST_WITHIN = 4;

function holds(text: string, secret: string): boolean {
  return secret.length < SHORTEST_WITHIN ? text === secret : text.includes(secret);
}

/** The texts and numbers in a value. A truth value is no secret. */
function textsIn(value: Json): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** The event with one property for good, although it is forgotten elsewhere. */
export function keepInEvent(event: RecordedEvent, name: string): RecordedEvent {
  const { forgetAt } = event;
  return forgetAt ? { ...event, forgetAt: without(forgetAt, [name]) as ForgetAt } : event;
}

/** The event as code sees it: without the times. */
export function withoutTimes({ forgetAt: _, ...event }: RecordedEvent): RecordedEvent {
  return event;
}

/** The event as everybody may see it who may keep it: without the properties that are forgotten, whether they are gone or not. */
export function withoutSecrets({ id, name, at, properties, forgetAt }: RecordedEvent): RecordedEvent {
  return { id, name, at, properties: forgetAt ? without(properties, Object.keys(forgetAt)) : properties };
}
