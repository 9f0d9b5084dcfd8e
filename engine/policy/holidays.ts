import type { ChannelName } from '../model/state';
import { localDate } from '../model/zone';

/** Days on which no messages go out. */
export interface HolidaysOption {
  /**
   * Dates, `'2026-04-06'`, or `'12-25'` for every year. By country they are for its users only, and those under `'*'` for all:
   * `{ '*': ['01-01'], DE: ['10-03'] }`.
   */
  readonly dates: readonly string[] | Readonly<Record<string, readonly string[]>>;
  /** Default: those that can disturb somebody. */
  readonly channels?: readonly ChannelName[];
}

/** The same, by country. */
export interface Holidays {
  readonly dates: Readonly<Record<string, readonly string[]>>;
  readonly channels?: readonly ChannelName[];
}

const ALL = '*';

/**
 * Holidays as plain data.
 * @throws {TypeError} when a date or a country is not one
 */
export function holidaysOf({ dates, ...rest }: HolidaysOption): Holidays {
  const byCountry = isList(dates) ? { [ALL]: dates } : dates;
  for (const [country, days] of Object.entries(byCountry)) {
    if (country !== ALL && !/^[A-Z]{2}$/.test(country))
      throw new TypeError(`policy: holidays of '${country}': expected two capital letters, such as 'AT', or '*'.`);
    for (const day of days)
      if (!isDate(day)) throw new TypeError(`policy: '${day}' is not a holiday. Expected '2026-12-25' or '12-25'.`);
  }
  return { dates: byCountry, ...rest };
}

/** Is the local day a holiday in the country? `now` is epoch milliseconds. */
export function isHoliday({ dates }: Holidays, country: string | null, zone: string, now: number): boolean {
  const date = localDate(now, zone);
  const days = [...(dates[ALL] ?? []), ...(country === null ? [] : (dates[country] ?? []))];
  return days.some((day) => day === date || day === date.slice(5));
}

function isList(dates: HolidaysOption['dates']): dates is readonly string[] {
  return Array.isArray(dates);
}

function isDate(day: string): boolean {
  // 2024 has a 29th of February.
  const full = day.length === 5 ? `2024-${day}` : day;
  const at = /^\d{4}-\d\d-\d\d$/.test(full) ? Date.parse(full) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(full);
}
