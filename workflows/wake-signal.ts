/** Why a lifecycle is woken: an event, or a check that is due. */
export interface WakeReason {
  /** The event's name as the Temporal UI shows it, or what to check. */
  readonly name: string;
  /** The event's number in PostgreSQL; null for a check. */
  readonly id: string | null;
}

/** The one argument of a wake-up, whether it is sent as a signal or as an update. The call's name is the first reason's name. */
export interface WakePayload {
  /** Number of the first reason's event; null for a check. */
  readonly id: string | null;
  /** The other reasons. */
  readonly also: readonly WakeReason[];
}

/**
 * Reads a wake-up and returns the names of its reasons, the first one first. It never throws: a person may send any signal from
 * the Temporal UI, and an argument of unknown shape adds no names.
 * @param name the call's name
 * @param args a `WakePayload`; workers and histories of version 0.1.0 also have `[id, ...reasons]`
 */
export function wakeReasonNames(name: string, args: readonly unknown[]): string[] {
  const [first, ...positional] = args;
  const also = isRecord(first) ? first['also'] : positional;
  return [name, ...(Array.isArray(also) ? also.flatMap(nameOf) : [])];
}

function nameOf(reason: unknown): string[] {
  return isRecord(reason) && typeof reason['name'] === 'string' ? [reason['name']] : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
