const DAY_MS = 86_400_000;
/** A Monday, the same at every run. */
const BEGIN = Date.parse('2026-01-05T00:00:00Z');

/** How long is simulated, and by which chance. */
export interface Span {
  /** A midnight (UTC), epoch milliseconds. */
  readonly begin: number;
  readonly days: number;
  readonly seed: number;
}

/** A span from the usual begin on. */
export function spanOf({ days, seed }: Pick<Span, 'days' | 'seed'>): Span {
  return { begin: BEGIN, days, seed };
}

/** The last moment that belongs to it, epoch milliseconds. */
export function endOf({ begin, days }: Span): number {
  return begin + days * DAY_MS - 1;
}
