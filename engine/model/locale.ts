import type { JsonObject } from './json';
import { Recent } from './recent';
import { fromContext } from './zone';

/** The locale of a person of whom none is known, or none that the runtime has. */
const DEFAULT_LOCALE = 'en';
/** A language tag (RFC 5646), also as Java and C write it: `de_DE`. What follows the language, script and region is cut off. */
const LOCALE = /^[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,4}(?![a-z0-9])/i;

/** Locales that are kept. People's data names them, so there must be a bound. */
const MOST_KEPT = 200;
const locales = new Recent<string | null>(MOST_KEPT);

/**
 * The person's locale: the trait `locale`, or else what a client told of the device, if the runtime has it; else `en`. It does not
 * depend on the machine.
 */
export function localeOf(traits: JsonObject): string {
  return knownLocale(traits['locale']) ?? knownLocale(fromContext(traits)['locale']) ?? DEFAULT_LOCALE;
}

/** The canonical name of a locale; null when it is none, or one that the runtime does not have. */
export function knownLocale(name: unknown): string | null {
  const [tag] = (typeof name === 'string' && LOCALE.exec(name)) || [];
  if (tag === undefined) return null;
  return locales.get(tag, () => {
    try {
      const { baseName } = new Intl.Locale(tag.replaceAll('_', '-'));
      return Intl.DateTimeFormat.supportedLocalesOf(baseName)[0] ?? null;
    } catch {
      return null;
    }
  });
}
