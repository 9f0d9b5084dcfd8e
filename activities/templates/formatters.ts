import { Recent } from '../../engine/model/recent';

/** Formatters that are kept. A formatter takes up to 50 KB, and up to a millisecond to make. */
const MOST_KEPT = 200;
const numberFormats = new Recent<Intl.NumberFormat>(MOST_KEPT);
const dateFormats = new Recent<Intl.DateTimeFormat>(MOST_KEPT);
const listFormats = new Recent<Intl.ListFormat>(MOST_KEPT);

/** Writes numbers. @param locale one that is known */
export function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return numberFormats.get(JSON.stringify([locale, options]), () => new Intl.NumberFormat(locale, options));
}

/** Writes dates and times. @param locale one that is known */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return dateFormats.get(JSON.stringify([locale, options]), () => new Intl.DateTimeFormat(locale, options));
}

/** Writes lists. @param locale one that is known */
export function listFormat(locale: string, options: Intl.ListFormatOptions): Intl.ListFormat {
  return listFormats.get(JSON.stringify([locale, options]), () => new Intl.ListFormat(locale, options));
}
