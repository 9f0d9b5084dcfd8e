import {
  isSupportedCountry,
  parsePhoneNumberFromString,
  type CountryCode,
  type PhoneNumber,
} from 'libphonenumber-js/min';
import type { JsonObject } from './json';

/**
 * The phone number in a user's traits, as E.164 writes it, such as `+491711234567`. A number without a country code is read as one of
 * the trait `country`, an ISO 3166-1 code such as `DE`.
 *
 * Only the length is checked against the numbering plan of the country. Plans gain new ranges all the time, and the metadata of the
 * library is as old as its release, so a number in a range that it does not know yet must not be refused here. The provider knows.
 * @returns null when the trait `phone` is missing or is not a phone number
 */
export function phoneNumber(traits: JsonObject): string | null {
  return parsed(traits)?.number ?? null;
}

/**
 * The country of a phone number, such as `DE`.
 * @param number as E.164 writes it
 * @returns null when the number belongs to no country, or the library does not know which
 */
export function countryOfNumber(number: string): string | null {
  return parsePhoneNumberFromString(number)?.country ?? null;
}

/** Whether a text is the code of a country that has phone numbers, such as `DE`. */
export function isCountry(text: string): text is CountryCode {
  return isSupportedCountry(text);
}

/**
 * What is wrong with the trait `phone`, in words that do not repeat it.
 * @returns null when there is none, or nothing is wrong with it
 */
export function phoneFlaw(traits: JsonObject): string | null {
  const { phone = null } = traits;
  if (phone === null || phone === '' || parsed(traits) !== null) return null;
  if (typeof phone !== 'string') return 'not text';
  if (isInternational(phone)) return 'not a phone number';
  return countryOf(traits) === null ? 'no country code, and no trait country that tells it' : 'not a phone number';
}

function parsed(traits: JsonObject): PhoneNumber | null {
  const { phone } = traits;
  if (typeof phone !== 'string') return null;
  const country = countryOf(traits);
  const number = parsePhoneNumberFromString(phone.trim(), {
    extract: false,
    ...(country && { defaultCountry: country }),
  });
  // An extension can't be reached by a message.
  return number?.isPossible() === true && number.ext === undefined ? number : null;
}

function isInternational(phone: string): boolean {
  return /^\s*[+＋]/.test(phone);
}

function countryOf({ country }: JsonObject): CountryCode | null {
  if (typeof country !== 'string') return null;
  const code = country.trim().toUpperCase();
  return isCountry(code) ? code : null;
}
