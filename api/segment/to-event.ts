import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../engine/model/json';
import { emailFlaw, trimmedAddress } from '../../engine/model/reach';
import { visitorId, type Alias } from '../../store/aliases';
import type { IncomingEvent } from '../../store/ingest-values';
import type { FieldError } from '../pointer';
import { toldByContext } from './context';
import { happenedAt, unreadTimes, type Transit } from './happened-at';
import { importedConsent } from './imported-consent';
import { readInstant } from './instant';
import { STORED_AS, type Call } from './schema';
import { storableJson } from './storable';

/** The event of a call, with its properties also as data. */
export interface ReadCall {
  readonly event: IncomingEvent;
  readonly properties: JsonObject;
  /** What was not taken as it was sent. */
  readonly warnings: readonly FieldError[];
}

/**
 * Converts a valid call to the event to store.
 * @param pointer to the call in the request body
 */
export function toEvent(
  call: Call,
  pointer: string,
  transit: Transit,
): ReadCall | { readonly errors: readonly FieldError[] } {
  const field = call.type === 'identify' || call.type === 'group' ? 'traits' : 'properties';
  const properties = propertiesOf(call);
  const json = storableJson(properties);
  if ('problem' in json) return { errors: [{ pointer: `${pointer}/${field}`, detail: json.problem }] };
  const active = call.type !== 'group' && call.type !== 'alias' && call.context?.active !== false;
  const isHistory = (transit.isHistory ?? false) || call.context?.history === true;
  const unread = unreadTimes(call, pointer);
  // The time of history is all that tells it from what happens now.
  if (isHistory && unread.length > 0) return { errors: unread };
  const answered = importedConsent(call, pointer, isHistory, transit);
  if ('errors' in answered) return answered;
  const event: IncomingEvent = {
    userId: String(call.userId ?? visitorId(call.anonymousId ?? '')),
    messageId: String(call.messageId ?? randomUUID()),
    type: call.type,
    name: call.type === 'track' ? call.event : STORED_AS[call.type],
    at: happenedAt(call, transit, readInstant(call.sentAt) ?? transit.sentAt),
    active,
    traits: traitsOf(call, json.text),
    context: active ? toldByContext(call.context?.timezone, call.context?.locale) : null,
    properties: json.text,
    anonymousId: anonymousOf(call),
    ...(isHistory && { history: true, consent: answered.consent }),
  };
  const warnings = unread.map(({ detail, ...field }) => ({
    ...field,
    detail: `${detail}, so the event does not count from it`,
  }));
  if (call.type === 'identify') warnings.push(...addressWarnings(properties, pointer));
  return { event, properties, warnings };
}

function propertiesOf(call: Call): JsonObject {
  switch (call.type) {
    case 'track':
      return call.properties ?? {};
    case 'identify':
      return withTrimmedEmail({ ...asObject(call.context?.traits), ...call.traits });
    case 'page':
    case 'screen':
      return {
        ...call.properties,
        ...(call.name && { name: call.name }),
        ...(call.category && { category: call.category }),
      };
    case 'group':
      return { ...call.traits, groupId: call.groupId };
    case 'alias':
      return { previousId: call.previousId };
  }
}

/** The traits with their email address as it can be used, whatever was copied along with it. */
function withTrimmedEmail(traits: JsonObject): JsonObject {
  const { email } = traits;
  return typeof email === 'string' ? { ...traits, email: trimmedAddress(email) } : traits;
}

/** A warning when the address in the traits of an `identify` call can't be used. */
function addressWarnings(traits: JsonObject, pointer: string): FieldError[] {
  const flaw = emailFlaw(traits);
  return flaw === null ? [] : [{ pointer: `${pointer}/traits/email`, detail: `gets no mail: ${flaw}` }];
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The new traits of the user as JSON text. A group is stored in the trait `groups`. */
function traitsOf(call: Call, properties: string): string | null {
  if (call.type === 'identify') return properties === '{}' ? null : properties;
  return call.type === 'group' ? `{"groups":{${JSON.stringify(String(call.groupId))}:${properties}}}` : null;
}

/** The anonymous id that a known user may have had before. An `alias` call may refer to one, too. */
function anonymousOf(call: Call): string | null {
  if (call.userId == null) return null;
  const before = call.type === 'alias' ? call.previousId : call.anonymousId;
  return before == null ? null : visitorId(before);
}

/** The two ids of an `alias` call; null for any other call. */
export function aliasIn(call: Call): Alias | null {
  return call.type === 'alias' ? { previousId: String(call.previousId), userId: String(call.userId) } : null;
}
