const UNIT_MS = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const;

type Unit = keyof typeof UNIT_MS;

/** A span of elapsed time, such as `'48 hours'` or `'1 day'`. A day is always 24 hours; use `sleepUntil` for calendar time. */
export type Duration = `${number} ${Unit | `${Unit}s`}`;

/** A hundred years. Databases and dates can't hold the end of a much longer span. */
const LONGEST_MS = 100 * 365 * UNIT_MS.day;

const DURATION = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?) (millisecond|second|minute|hour|day|week)s?$/;

/**
 * The whole milliseconds in a duration.
 * @throws {TypeError} when the text is not a number of 0 or more and a unit, or the duration is over a hundred years
 */
export function toMs(duration: Duration): number {
  const [, amount = '', unit] = DURATION.exec(duration) ?? [];
  const ms = Number(amount) * (unit === undefined ? NaN : UNIT_MS[unit as Unit]);
  if (Number.isNaN(ms))
    throw new TypeError(`Not a duration: '${duration}'. Expected a number and a unit, such as '14 days'.`);
  if (ms > LONGEST_MS)
    throw new TypeError(`Duration too long: '${duration}'. Expected '36500 days' (100 years) at most.`);
  return Math.round(ms);
}

/**
 * The whole milliseconds in the duration of an option.
 * @throws {TypeError} when it is not a duration. The message begins with the option
 */
export function optionMs(option: string, duration: Duration): number {
  try {
    return toMs(duration);
  } catch (error) {
    throw new TypeError(`${option}: ${(error as Error).message}`);
  }
}

/** A span of milliseconds in words, cut to its two largest units: `2 d 4 h`. A negative span is `0 s`. */
export function describeMs(ms: number): string {
  const parts: string[] = [];
  let rest = Math.max(0, ms);
  for (const [label, size] of [
    ['d', UNIT_MS.day],
    ['h', UNIT_MS.hour],
    ['min', UNIT_MS.minute],
    ['s', UNIT_MS.second],
  ] as const) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0 && parts.length < 2) parts.push(`${amount} ${label}`);
  }
  return parts.join(' ') || '0 s';
}
