/** What a pick asks about the past of a user. */
export interface Asked {
  /** The events, as text. */
  readonly events: Set<string>;
  /** The spans within which it asks for them, milliseconds. */
  readonly spansMs: Set<number>;
}

/** What somebody has done. */
export interface Life {
  /** How often they have done what they did, and the size of their groups. */
  readonly number: number;
  /** When they did an event, milliseconds before now, the latest first. */
  agoOf(event: string): readonly number[];
}

const DAY_MS = 86_400_000;
/** The most lives for one number in which only a part lies within a span. */
const MOST_PARTS = 8;

/**
 * The lives of those who did something this often that may differ in what is asked: once a day, all just now, for each span some within
 * it and the others before, and one event alone or all others.
 * @param numbers the numbers that may lie within a span
 */
export function livesOf(number: number, numbers: readonly number[], { events, spansMs }: Asked): Life[] {
  const daily = repeated(number, (index) => index * DAY_MS);
  const spans = [...spansMs].sort((a, b) => a - b);
  const parts = numbers.filter((part) => part < number).slice(0, MOST_PARTS);
  const pasts = [
    daily,
    ...(spans.length === 0 ? [] : [repeated(number, () => 0)]),
    ...spans.flatMap((spanMs) =>
      parts.map((part) => [...repeated(part, () => 0), ...repeated(number - part, () => spanMs + 1)]),
    ),
  ];
  const single = events.size > 1 && number > 0 ? [...events] : [];
  return [
    ...pasts.map((ago) => ({ number, agoOf: () => ago })),
    ...single.flatMap((one) => [
      { number, agoOf: (event: string) => (event === one ? daily : []) },
      { number, agoOf: (event: string) => (event === one ? [] : daily) },
    ]),
  ];
}

function repeated(times: number, ago: (index: number) => number): number[] {
  return Array.from({ length: times }, (_, index) => ago(index));
}
