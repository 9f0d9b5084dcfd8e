const DAY_MS = 86_400_000;
/** A Monday, the same for every simulation. */
const BEGIN = Date.parse('2026-01-05T00:00:00Z');

/** The period of a simulation, and the seed of its random numbers. */
export interface Span {
  /** A midnight (UTC), epoch milliseconds. */
  readonly begin: number;
  readonly days: number;
  readonly seed: number;
}

/** Makes a span with the usual start. */
export function spanOf({ days, seed }: Pick<Span, 'days' | 'seed'>): Span {
  return { begin: BEGIN, days, seed };
}

/** The last millisecond of a span, epoch milliseconds. */
export function endOf({ begin, days }: Span): number {
  return begin + days * DAY_MS - 1;
}
