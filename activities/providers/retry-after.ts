/**
 * The milliseconds that a `Retry-After` asks for, in seconds or as a date (RFC 9110 10.2.3); 0 without one.
 * @param now the real time, epoch milliseconds, for a date
 */
export function retryAfterMs(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return 0;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - now;
  return Math.max(0, ms) || 0;
}
