import type { Clock } from '../../engine/model/clock';

/** When a call was sent and received, in real epoch milliseconds: `sentAt` by the client's clock, `receivedAt` by the server's. */
export interface Transit {
  readonly clock: Clock;
  readonly receivedAt: number;
  readonly sentAt: number | null;
}

/**
 * The clock skew that is not corrected, in real milliseconds. A difference this small may just be the duration of the request, and
 * correcting it would reorder events from different requests.
 */
const CREDIBLE_MS = 30_000;

/**
 * When the event of a call happened. If `sentAt` shows that the client's clock is wrong, the timestamp is corrected by the
 * difference (https://segment.com/docs/connections/spec/common/#timestamp-overview).
 * @returns epoch milliseconds on the journey clock, not before 1970 and not after the call was received
 */
export function happenedAt(timestamp: string | null | undefined, { receivedAt, sentAt, clock }: Transit): number {
  const received = clock.fromReal(receivedAt);
  if (!timestamp) return received;
  const skew = sentAt === null ? 0 : receivedAt - sentAt;
  const real = Date.parse(timestamp) + (Math.abs(skew) > CREDIBLE_MS ? skew : 0);
  return Math.min(received, Math.max(0, clock.fromReal(real)));
}
