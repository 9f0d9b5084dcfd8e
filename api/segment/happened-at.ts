import type { Clock } from '../../engine/clock';

/** How a call came to us. Both times are real epoch milliseconds, each by the clock of its own side. */
export interface Transit {
  readonly clock: Clock;
  readonly receivedAt: number;
  readonly sentAt: number | null;
}

/**
 * When a call's event happened, in the journey clock. With `sentAt` only the client's own measure of the time between is
 * trusted, not its clock (https://segment.com/docs/connections/spec/common/#timestamp-overview).
 * @returns never later than it was received, never before 1970
 */
export function happenedAt(timestamp: string | null | undefined, { receivedAt, sentAt, clock }: Transit): number {
  const received = clock.fromReal(receivedAt);
  if (!timestamp) return received;
  const happened = Date.parse(timestamp);
  const real = sentAt === null ? happened : receivedAt - (sentAt - happened);
  return Math.min(received, Math.max(0, clock.fromReal(real)));
}
