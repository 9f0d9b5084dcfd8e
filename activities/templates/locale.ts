import type { JsonObject } from '../../engine/model/json';
import { languageTag } from '../../engine/model/localized';
import { fromContext } from '../../engine/model/zone';
import { Recent } from './recent';

/** The locale of a person of whom none is known, or none that the runtime has. */
const DEFAULT_LOCALE = 'en';

/** Locales and formatters that are kept. A formatter takes up to 50 KB, and up to a millisecond to make. */
const MOST_KEPT = 200;
const locales = new Recent<string | null>(MOST_KEPT);
const numberFormats = new Recent<Intl.NumberFormat>(MOST_KEPT);
const dateFormats = new Recent<Intl.DateTimeFormat>(MOST_KEPT);
const listFormats = new Recent<Intl.ListFormat>(MOST_KEPT);

/**
 * The person's locale: the trait `locale`, or else what a client told of the device, if the runtime has it; else `en`. It does not
 * depend on the machine.
 */
export function localeOf(traits: JsonObject): string {
  return knownLocale(traits['locale']) ?? knownLocale(fromContext(traits)['locale']) ?? DEFAULT_LOCALE;
}

/** The canonical name of a locale; null when it is none, or one that the runtime does not have. */
export function knownLocale(name: unknown): string | null {
  const tag = languageTag(name);
  if (tag === null) return null;
  return locales.get(tag, () => {
    try {
      const { baseName } = new Intl.Locale(tag);
      return Intl.DateTimeFormat.supportedLocalesOf(baseName)[0] ?? null;
    } catch {
      return null;
    }
  });
}

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
