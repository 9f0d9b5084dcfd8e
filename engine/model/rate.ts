const PER_MS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** How many messages a channel may take, such as `'14/second'` or `'100/minute'`. */
export type Rate = `${number}/${keyof typeof PER_MS}`;

/** A rate: never more than `most` within `perMs` of real time. */
export interface RateLimit {
  readonly most: number;
  readonly perMs: number;
}

const RATE = /^([1-9]\d{0,6})\/(second|minute|hour|day)$/;

/**
 * Reads a rate.
 * @throws {TypeError} when it is not a whole number from 1 to 9,999,999 and a unit
 */
export function toRateLimit(rate: Rate): RateLimit {
  const [, most, unit] = RATE.exec(rate) ?? [];
  if (most === undefined || unit === undefined)
    throw new TypeError(`Not a rate: '${rate}'. Expected a whole number and a unit, such as '14/second'.`);
  return { most: Number(most), perMs: PER_MS[unit as keyof typeof PER_MS] };
}
