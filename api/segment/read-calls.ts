import type { Alias } from '../../store/aliases';
import type { Batch, IncomingEvent } from '../../store/ingest';
import { breather } from '../breather';
import { pointerTo, type FieldError } from '../pointer';
import { mismatches, type Catalogue } from './catalogue';
import { withoutEmptyValues } from './empty-values';
import type { Transit } from './happened-at';
import { Rejections } from './rejections';
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

interface Refused {
  readonly errors: readonly FieldError[];
}

/** Converts calls to events and aliases to store. A call with errors is rejected on its own. Yields to other requests. */
export async function readCalls(
  calls: readonly ReceivedCall[],
  reception: Reception,
): Promise<{ readonly batch: Batch; readonly rejections: Rejections; readonly warnings: Rejections }> {
  const events: IncomingEvent[] = [];
  const aliases: Alias[] = [];
  const rejections = new Rejections();
  const warnings = new Rejections();
  const breathe = breather();
  for (const [index, { call, pointer }] of calls.entries()) {
    await breathe();
    const read = readCall(call, pointer, reception);
    const errors =
      'errors' in read
        ? read.errors
        : await mismatches(reception.catalogue, read.event.name, read.properties, `${pointer}/properties`);
    if ('errors' in read || errors.length > 0) {
      rejections.add(index, call, errors);
      continue;
    }
    events.push(read.event);
    if (read.alias) aliases.push(read.alias);
    if (read.warnings.length > 0) warnings.add(index, call, read.warnings);
  }
  const receivedAt = reception.clock.fromReal(reception.receivedAt);
  return { batch: { events, aliases, receivedAt }, rejections, warnings };
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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
