import type { Alias } from '../../store/aliases';
import type { Batch, IncomingEvent } from '../../store/ingest';
import { pointerTo, type FieldError } from '../pointer';
import { mismatches, type Catalogue } from './catalogue';
import { withoutEmptyValues } from './empty-values';
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

/** Something about a stored call that was not taken as it was sent. */
export interface Warning extends FieldError {
  readonly index: number;
  readonly messageId: string | null;
}

interface Refused {
  readonly errors: readonly FieldError[];
}

/** Converts calls to events and aliases to store. A call with errors is rejected on its own. */
export async function readCalls(
  calls: readonly ReceivedCall[],
  reception: Reception,
): Promise<{ readonly batch: Batch; readonly rejected: readonly Rejection[]; readonly warnings: readonly Warning[] }> {
  const events: IncomingEvent[] = [];
  const aliases: Alias[] = [];
  const rejected: Rejection[] = [];
  const warnings: Warning[] = [];
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
    if (read.alias) aliases.push(read.alias);
    warnings.push(...read.warnings.map((warning) => ({ index, messageId: messageIdOf(call), ...warning })));
  }
  const receivedAt = reception.clock.fromReal(reception.receivedAt);
  return { batch: { events, aliases, receivedAt }, rejected, warnings };
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
  if (!isObject(call) || !isCallType(type)) {
    return { errors: [{ pointer: `${pointer}/type`, detail: `must be one of ${Object.keys(CALLS).join(', ')}` }] };
  }
  const { data, error } = CALLS[type].safeParse(withoutEmptyValues(call));
  if (error)
    return {
      errors: error.issues.map(({ path, message }) => ({ pointer: pointerTo(pointer, path), detail: message })),
    };
  if (data.userId == null && data.anonymousId == null) {
    return { errors: [{ pointer: `${pointer}/userId`, detail: 'is required when there is no anonymousId' }] };
  }
  return { ...data, type } as Call;
}

function messageIdOf(call: unknown): string | null {
  const messageId: unknown = isObject(call) ? call['messageId'] : null;
  return typeof messageId === 'string' || typeof messageId === 'number' ? String(messageId) : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
