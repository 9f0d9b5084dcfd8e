import type { Clock } from '../../engine/model/clock';

/** How a call came to us. Both times are real epoch milliseconds, each by the clock of its own side. */
export interface Transit {
  readonly clock: Clock;
  readonly receivedAt: number;
  readonly sentAt: number | null;
}

/**
 * Real milliseconds a request may well take. A client whose clock is off by no more is taken at its word: to correct by the time
 * requests took would change the order of events that came by different ones.
 */
const CREDIBLE_MS = 30_000;

/**
 * When a call's event happened, in the journey clock. A client whose clock is clearly wrong, as `sentAt` shows, is trusted only
 * with the time between (https://segment.com/docs/connections/spec/common/#timestamp-overview).
 * @returns never later than it was received, never before 1970
 */
export function happenedAt(timestamp: string | null | undefined, { receivedAt, sentAt, clock }: Transit): number {
  const received = clock.fromReal(receivedAt);
  if (!timestamp) return received;
  const skew = sentAt === null ? 0 : receivedAt - sentAt;
  const real = Date.parse(timestamp) + (Math.abs(skew) > CREDIBLE_MS ? skew : 0);
  return Math.min(received, Math.max(0, clock.fromReal(real)));
}
