import type { Clock } from '../../engine/clock';

/**
 * When a call's event happened, in the journey clock. With `sentAt` only the client's own measure of the time between is
 * trusted, not its clock (https://segment.com/docs/connections/spec/common/#timestamp-overview).
 * @param receivedAt real epoch milliseconds
 * @returns never later than it was received, never before 1970
 */
export function happenedAt(
  {
    timestamp,
    sentAt,
  }: { readonly timestamp?: string | null | undefined; readonly sentAt?: string | null | undefined },
  receivedAt: number,
  clock: Clock,
): number {
  const received = clock.fromReal(receivedAt);
  if (!timestamp) return received;
  const happened = Date.parse(timestamp);
  const real = sentAt ? receivedAt - (Date.parse(sentAt) - happened) : happened;
  return Math.min(received, Math.max(0, clock.fromReal(real)));
}
