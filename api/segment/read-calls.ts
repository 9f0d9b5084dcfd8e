import type { Alias } from '../../store/aliases';
import type { Batch } from '../../store/ingest';
import type { IncomingEvent } from '../../store/ingest-values';
import type { AliasCall } from '../../store/merge-aliases';
import { breather } from '../breather';
import { pointerTo, type FieldError } from '../pointer';
import { mismatches, type Catalogue } from './catalogue';
import { withoutEmptyValues } from './empty-values';
import type { Transit } from './happened-at';
import { CallErrors } from './call-errors';
import { isPlainCall } from './plain-call';
import { CALLS, isCallType, type Call, type CallType } from './schema';
import { aliasIn, toEvent, type ReadCall } from './to-event';

/** A call as received, with the pointer to it in the request body. */
export interface ReceivedCall {
  readonly call: unknown;
  readonly pointer: string;
}

/** What all calls of a request have in common. */
export interface Reception extends Transit {
  readonly catalogue: Catalogue;
  /** The types of calls that are taken. */
  readonly types: readonly CallType[];
}

/** The most `alias` calls in a request. Each merges two users, so this bounds the work that a request causes. */
export const MOST_ALIASES = 1_000;

/** So many calls are read before the time is looked at. The largest calls take a tenth of a millisecond each. */
const CALLS_A_BREATH = 16;

interface Refused {
  readonly errors: readonly FieldError[];
}

/** The calls of a request, read. */
export interface ReadCalls {
  readonly batch: Batch;
  /** The position of each of the batch's events in the request. */
  readonly positions: readonly number[];
  readonly rejections: CallErrors;
  /** What was not taken as it was sent, though its call is stored. */
  readonly warnings: CallErrors;
}

/** Converts calls to events and aliases to store. A call with errors is rejected on its own. Yields to other requests. */
export async function readCalls(calls: readonly ReceivedCall[], reception: Reception): Promise<ReadCalls> {
  const events: IncomingEvent[] = [];
  const positions: number[] = [];
  const aliases: AliasCall[] = [];
  const rejections = new CallErrors();
  const warnings = new CallErrors();
  const breathe = breather();
  let index = -1;
  for (const { call, pointer } of calls) {
    index += 1;
    // Each await costs as much as reading a small call.
    if (index % CALLS_A_BREATH === 0) await breathe();
    const read = readCall(call, pointer, reception);
    const found =
      'errors' in read ? read.errors : mismatches(reception.catalogue, read.event.name, read.properties, pointer);
    const errors = found instanceof Promise ? await found : found;
    if ('errors' in read || errors.length > 0) {
      rejections.add(index, call, errors);
      continue;
    }
    if (read.alias && aliases.length === MOST_ALIASES) {
      const detail = `is one alias too many for a request, which can have ${MOST_ALIASES}: send the rest in another`;
      rejections.add(index, call, [{ pointer: `${pointer}/previousId`, detail }]);
      continue;
    }
    if (read.alias) aliases.push({ ...read.alias, event: events.length });
    positions.push(index);
    events.push(read.event);
    if (read.warnings.length > 0) warnings.add(index, call, read.warnings);
  }
  const receivedAt = reception.clock.fromReal(reception.receivedAt);
  return { batch: { events, aliases, receivedAt }, positions, rejections, warnings };
}

function readCall(
  call: unknown,
  pointer: string,
  reception: Reception,
): Refused | (ReadCall & { readonly alias: Alias | null }) {
  const valid = validate(call, pointer, reception.types);
  if ('errors' in valid) return valid;
  const read = toEvent(valid, pointer, reception);
  return 'errors' in read ? read : { ...read, alias: aliasIn(valid) };
}

function validate(call: unknown, pointer: string, types: readonly CallType[]): Call | Refused {
  const type: unknown = isObject(call) ? call['type'] : undefined;
  if (!isObject(call) || !isCallType(type) || !types.includes(type)) {
    return { errors: [{ pointer: `${pointer}/type`, detail: `must be one of ${types.join(', ')}` }] };
  }
  if (isPlainCall(call, type)) return call as Call;
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
