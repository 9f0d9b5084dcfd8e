import { randomUUID } from 'node:crypto';
import type { Clock } from '../../engine/clock';
import type { JsonObject } from '../../engine/json';
import type { Identity, IncomingEvent } from '../../store/ingest';
import type { FieldError } from '../pointer';
import { happenedAt } from './happened-at';
import { STORED_AS, type Call } from './schema';
import { storableJson } from './storable';

/** Where an anonymous visitor's profile is kept until they identify themselves. */
export function anonymousProfile(anonymousId: string | number): string {
  return `anon:${anonymousId}`;
}

/** A call's event, with its properties as data too. */
export interface ReadCall {
  readonly event: IncomingEvent;
  readonly properties: JsonObject;
}

/** When a request was received, real epoch milliseconds, and sent, by the client's clock. */
export interface Transit {
  readonly clock: Clock;
  readonly receivedAt: number;
  readonly sentAt: string | null;
}

/**
 * What is stored of a valid call.
 * @param pointer to the call in the request's body
 */
export function toEvent(
  call: Call,
  pointer: string,
  { clock, receivedAt, sentAt }: Transit,
): ReadCall | { readonly errors: readonly FieldError[] } {
  const field = call.type === 'identify' || call.type === 'group' ? 'traits' : 'properties';
  const properties = propertiesOf(call);
  const json = storableJson(properties);
  if ('problem' in json) return { errors: [{ pointer: `${pointer}/${field}`, detail: json.problem }] };
  const event: IncomingEvent = {
    userId: String(call.userId ?? anonymousProfile(call.anonymousId ?? '')),
    messageId: String(call.messageId ?? randomUUID()),
    type: call.type,
    name: call.type === 'track' ? call.event : STORED_AS[call.type],
    at: happenedAt({ timestamp: call.timestamp, sentAt: call.sentAt ?? sentAt }, receivedAt, clock),
    active: call.type !== 'group' && call.type !== 'alias' && call.context?.active !== false,
    traits: traitsOf(call, json.text),
    properties: json.text,
  };
  return { event, properties };
}

function propertiesOf(call: Call): JsonObject {
  switch (call.type) {
    case 'track':
      return call.properties ?? {};
    case 'identify':
      return call.traits ?? {};
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

/** The profile's new traits as JSON text; a group is one of its `groups`. */
function traitsOf(call: Call, properties: string): string | null {
  if (call.type === 'identify') return properties === '{}' ? null : properties;
  return call.type === 'group' ? `{"groups":{${JSON.stringify(String(call.groupId))}:${properties}}}` : null;
}

/** Which ids a call says belong to one person. */
export function identitiesIn(call: Call): Identity[] {
  if (call.userId == null) return [];
  const userId = String(call.userId);
  if (call.type === 'alias') {
    return [
      { previousId: String(call.previousId), userId, always: true },
      { previousId: anonymousProfile(call.previousId), userId, always: false },
    ];
  }
  return call.anonymousId == null ? [] : [{ previousId: anonymousProfile(call.anonymousId), userId, always: false }];
}
