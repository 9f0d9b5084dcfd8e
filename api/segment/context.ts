import { zoneOf } from '../../engine/model/zone';

/** What `zoneOf` says of a name that is no zone. */
const NO_ZONE = zoneOf({});
/** A language tag (RFC 5646), also as Java and C write it: `de-DE`, `de_DE`, `zh-Hant-TW`. */
const LOCALE = /^[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,4}$/i;

/**
 * What a client tells of the user's device in `context`: the time zone and the locale, as the trait `fromContext`. What is not a
 * zone or not a locale is left out.
 * @returns the text of a JSON object; null when it tells nothing
 */
export function toldByContext(timezone: unknown, locale: unknown): string | null {
  if (timezone === undefined && locale === undefined) return null;
  const zone = typeof timezone === 'string' ? zoneOf({ timezone }) : NO_ZONE;
  const told = {
    ...(zone !== NO_ZONE && { timezone: zone }),
    ...(typeof locale === 'string' && LOCALE.test(locale) && { locale: locale.replaceAll('_', '-') }),
  };
  return Object.keys(told).length === 0 ? null : JSON.stringify({ fromContext: told });
}
