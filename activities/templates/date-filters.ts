import { parseIso } from '../../engine/model/instant';
import type { LocalFilter } from './filter-call';
import { dateFormat } from './locale';

const STYLES = ['short', 'medium', 'long', 'full'] as const;
type Style = (typeof STYLES)[number];
/** A day of the calendar. It is the same day in every zone. */
const DAY_LENGTH = '2026-03-30'.length;
/** An instant with milliseconds and an offset is shorter than this. */
const MOST_CHARACTERS = 40;

/** `{{ data.startsAt | date: "long" }}` is `March 30, 2026`. Formats such as `"%Y-%m-%d"` are LiquidJS's. */
export const date: LocalFilter = {
  options: ['zone', 'locale'],
  format(value, { first, locale, zone }) {
    const dateStyle = styleOf(first);
    if (dateStyle === null) throw new Error('write short, medium, long or full, or a format such as "%Y-%m-%d"');
    const { at, isDay } = timeIn(value);
    return dateFormat(locale(), { dateStyle, timeZone: isDay ? 'UTC' : zone() }).format(at);
  },
};

/** `{{ data.startsAt | time }}` is `3:00 PM`, or `15:00` where people write that. */
export const time: LocalFilter = {
  options: ['zone', 'locale'],
  format(value, { first = 'short', locale, zone }) {
    const timeStyle = styleOf(first);
    if (timeStyle === null) throw new Error('write short, medium, long or full, such as time: "short"');
    const { at, isDay } = timeIn(value);
    if (isDay) throw new Error('a date alone has no time of day');
    return dateFormat(locale(), { timeStyle, timeZone: zone() }).format(at);
  },
};

/** `{{ data.startsAt | weekday }}` is `Monday`, and with `weekday: "short"` it is `Mon`. */
export const weekday: LocalFilter = {
  options: ['zone', 'locale'],
  format(value, { first = 'long', locale, zone }) {
    if (first !== 'long' && first !== 'short') throw new Error('write weekday, weekday: "long" or weekday: "short"');
    const { at, isDay } = timeIn(value);
    return dateFormat(locale(), { weekday: first, timeZone: isDay ? 'UTC' : zone() }).format(at);
  },
};

/** True for a format of LiquidJS's own filter `date`: none, or one with signs such as `%Y`. */
export function isStrftime(format: unknown): boolean {
  return typeof format !== 'string' || format === '' || format.includes('%');
}

function styleOf(name: unknown): Style | null {
  return STYLES.find((style) => style === name) ?? null;
}

/** @throws {Error} when the value is not a time */
function timeIn(value: unknown): { readonly at: number; readonly isDay: boolean } {
  // LiquidJS's `date` reads a number in the same way.
  if (typeof value === 'number' && Number.isFinite(value)) return { at: value * 1000, isDay: false };
  const text = typeof value === 'string' && value.length <= MOST_CHARACTERS ? value : '';
  const at = parseIso(text);
  if (Number.isNaN(at))
    throw new Error('not a time; expected ISO 8601, such as "2026-03-01T09:00:00Z", or Unix seconds');
  return { at, isDay: text.length === DAY_LENGTH };
}
