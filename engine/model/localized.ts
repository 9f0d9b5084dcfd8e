import { z } from 'zod';
import type { JsonObject } from './json';
import { fromContext } from './zone';

/** A text for everybody, or one for each language by its tag (BCP 47): `{ en: 'Yes', de: 'Ja' }`. */
export type Localized = string | Readonly<Record<string, string>>;

/** A language tag (RFC 5646), also as Java and C write it: `de_DE`. What follows the language, script and region is cut off. */
const TAG = /^[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,4}(?![a-z0-9])/i;
/** The most languages of a text. */
const MOST_LANGUAGES = 50;

/** The language tag in a text, with hyphens; null when there is none. */
export function languageTag(name: unknown): string | null {
  const [tag] = (typeof name === 'string' && TAG.exec(name)) || [];
  return tag === undefined ? null : tag.replaceAll('_', '-');
}

/** The language tag of a user: the trait `locale`, or else what a client told of the device, or else `en`. */
export function languageOf(traits: JsonObject): string {
  return knownLanguageOf(traits) ?? 'en';
}

/** The language tag of a user, as `languageOf` takes it; null when neither the user nor a client has told one. */
export function knownLanguageOf(traits: JsonObject): string | null {
  return languageTag(traits['locale']) ?? languageTag(fromContext(traits)['locale']);
}

/**
 * The text in a language: as its tag says, or else in the language without its region, or else in English, or else the first one.
 * @param language a language tag, in any case of its letters
 */
export function localized(text: Localized, language: string): string {
  if (typeof text === 'string') return text;
  const texts = new Map(Object.entries(text).map(([tag, one]) => [tag.toLowerCase(), one]));
  const wanted = language.toLowerCase();
  const [base = ''] = wanted.split('-');
  return texts.get(wanted) ?? texts.get(base) ?? texts.get('en') ?? Object.values(text)[0] ?? '';
}

/**
 * The schema of a text that may be in several languages.
 * @param most the most characters of it in each language
 */
export function localizedText(most: number): z.ZodType<Localized> {
  const expected = `must be a text of 1 to ${most} characters, or one for each language: { en: 'Yes', de: 'Ja' }`;
  const text = z.string().min(1, expected).max(most, expected);
  const tag = z
    .string()
    .max(35)
    .refine((name) => languageTag(name) === name, 'must be a language tag such as en or de-AT');
  return z.union([text, z.record(tag, text).refine(hasFewLanguages)], expected);
}

function hasFewLanguages(texts: Readonly<Record<string, string>>): boolean {
  const { length } = Object.keys(texts);
  return length > 0 && length <= MOST_LANGUAGES;
}
