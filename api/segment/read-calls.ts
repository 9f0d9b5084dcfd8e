import type { Alias } from '../../store/aliases';
import type { Batch, IncomingEvent } from '../../store/ingest';
import { MAX_TRAITS_BYTES } from '../../engine/model/limits';
import { pointerTo, type FieldError } from '../pointer';
import { mismatches, type Catalogue } from './catalogue';
import type { Transit } from './happened-at';
import { CALLS, isCallType, type Call } from './schema';
import { aliasIn, toEvent, type ReadCall } from './to-event';

/** A call as received, with the pointer to it in the request body. */
export interface ReceivedCall {
  readonly call: unknown;
  readonly pointer: string;
}

/** What all calls of a request have in common. */
export interface Reception extends Transit {
  readonly catalogue: Catalogue;
}

/** A call that is not stored, with its errors. */
export interface Rejection {
  readonly index: number;
  readonly messageId: string | null;
  readonly errors: readonly FieldError[];
}

interface Refused {
  readonly errors: readonly FieldError[];
}

/**
 * Converts calls to events and aliases to store. A call with errors is rejected on its own.
 * @returns `sources`: for each event of the batch, the call it was read from, as its position among all calls
 */
export async function readCalls(
  calls: readonly ReceivedCall[],
  reception: Reception,
): Promise<{ readonly batch: Batch; readonly sources: readonly number[]; readonly rejected: readonly Rejection[] }> {
  const events: IncomingEvent[] = [];
  const aliases: Alias[] = [];
  const sources: number[] = [];
  const rejected: Rejection[] = [];
  for (const [index, { call, pointer }] of calls.entries()) {
    const read = readCall(call, pointer, reception);
    const errors =
      'errors' in read
        ? read.errors
        : await mismatches(reception.catalogue, read.event.name, read.properties, `${pointer}/properties`);
    if ('errors' in read || errors.length > 0) {
      rejected.push({ index, messageId: messageIdOf(call), errors });
      continue;
    }
    events.push(read.event);
    sources.push(index);
    if (read.alias) aliases.push(read.alias);
  }
  const receivedAt = reception.clock.fromReal(reception.receivedAt);
  return { batch: { events, aliases, receivedAt }, sources, rejected };
}

function readCall(
  call: unknown,
  pointer: string,
  reception: Reception,
): Refused | (ReadCall & { readonly alias: Alias | null }) {
  const valid = validate(call, pointer);
  if ('errors' in valid) return valid;
  const read = toEvent(valid, pointer, reception);
  return 'errors' in read ? read : { ...read, alias: aliasIn(valid) };
}

function validate(call: unknown, pointer: string): Call | Refused {
  const type: unknown = isObject(call) ? call['type'] : undefined;
  if (!isCallType(type)) {
    return { errors: [{ pointer: `${pointer}/type`, detail: `must be one of ${Object.keys(CALLS).join(', ')}` }] };
  }
  const { data, error } = CALLS[type].safeParse(call);
  if (error)
    return {
      errors: error.issues.map(({ path, message }) => ({ pointer: pointerTo(pointer, path), detail: message })),
    };
  if (data.userId == null && data.anonymousId == null) {
    return { errors: [{ pointer: `${pointer}/userId`, detail: 'is required when there is no anonymousId' }] };
  }
  return { ...data, type } as Call;
}

/**
 * The rejections of calls that the store refused because of the size of their traits.
 * @param indexes the positions of the calls
 */
export function tooLarge(calls: readonly ReceivedCall[], indexes: readonly number[]): Rejection[] {
  const detail = `would make the traits of the user larger than ${MAX_TRAITS_BYTES / 1024} KB`;
  return indexes.flatMap((index) => {
    const received = calls[index];
    if (!received) return [];
    const { call, pointer } = received;
    return [{ index, messageId: messageIdOf(call), errors: [{ pointer: `${pointer}/traits`, detail }] }];
  });
}

function messageIdOf(call: unknown): string | null {
  const messageId: unknown = isObject(call) ? call['messageId'] : null;
  return typeof messageId === 'string' || typeof messageId === 'number' ? String(messageId) : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
