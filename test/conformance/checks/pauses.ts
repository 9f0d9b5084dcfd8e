import { strict as assert } from 'node:assert';
import type { Bench } from '../bench';
import type { Seen } from '../proxy';

/**
 * Expects pauses between requests, from the answer of one to the next one.
 * @param seconds at least, by the client's clock
 */
export function expectPauses(bench: Bench, requests: readonly Seen[], seconds: readonly number[]): void {
  for (const [index, least] of seconds.entries()) {
    const [before, next] = [requests[index], requests[index + 1]];
    assert(before && next);
    const pause = next.at - (before.answeredAt ?? before.at);
    assert(
      pause >= bench.ms(least),
      `Pause ${index + 1} lasted ${Math.round(pause)} ms. Expected at least ${Math.round(bench.ms(least))} ms, which are ${least} s by the client's clock.`,
    );
  }
}
