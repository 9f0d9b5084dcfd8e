import type { CallContext } from '../authoring/journey';
import { toMs, type Duration } from '../model/duration';
import type { Json } from '../model/json';

/** A function that a test calls in place of one of a journey. It answers at once, unless it `takes` longer. */
export interface CallStandIn {
  (context: CallContext): Json | Promise<Json>;
  readonly takesMs?: number;
}

/**
 * A stand-in for a slow service: `calls: { news: takes('4 hours', async () => []) }`. It answers, or fails, when so much virtual time has
 * passed since the call was asked for.
 */
export function takes(duration: Duration, answer: (context: CallContext) => Json | Promise<Json>): CallStandIn {
  return Object.assign((context: CallContext) => answer(context), { takesMs: toMs(duration) });
}
