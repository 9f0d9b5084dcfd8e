import { nextLocalDay, startOfLocalDay } from '../model/zone';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The spans over which a cap counts, the shortest first. `localDay` is a day of the user's calendar. The others are rolling. */
export const SPANS = ['hour', 'localDay', 'day', 'week', 'month'] as const;
export type Span = (typeof SPANS)[number];

/** The most messages in each span. A span that is absent or infinite has no bound. */
export type Cap = Readonly<Partial<Record<Span, number>>>;

/** The longest that a span can be, milliseconds. A local day has 25 hours when the clocks go back. */
export const LONGEST_MS: Readonly<Record<Span, number>> = {
  hour: HOUR_MS,
  localDay: 25 * HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
};

/** What people read of a span: at most two `a week`. */
export const SPAN_TEXTS: Readonly<Record<Span, string>> = {
  hour: 'an hour',
  localDay: 'a local day',
  day: 'a day',
  week: 'a week',
  month: 'a month',
};

/** The first instant at which a message must have been sent to count at `at`. Both are epoch milliseconds. */
export function countsSince(span: Span, at: number, zone: string): number {
  return span === 'localDay' ? startOfLocalDay(at, zone) : at - LONGEST_MS[span] + 1;
}

/** The first instant at which a message that was sent at `sentAt` no longer counts. Both are epoch milliseconds. */
export function countsUntil(span: Span, sentAt: number, zone: string): number {
  return span === 'localDay' ? nextLocalDay(sentAt, zone) : sentAt + LONGEST_MS[span];
}

/** What a team says of a cap, and the defaults of the other spans. A default above what it says of a longer span bounds nothing. */
export function merged(defaults: Cap, said: Cap): Cap {
  const kept = SPANS.filter((span, index) => {
    const longer = SPANS.slice(index + 1);
    return defaults[span] !== undefined && !longer.some((other) => (said[other] ?? Infinity) < (defaults[span] ?? 0));
  });
  return { ...Object.fromEntries(kept.map((span) => [span, defaults[span]])), ...said };
}
