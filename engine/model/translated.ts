import { getOwn } from './own-property';

/** A text, or the same text in several languages by their tags (BCP 47): `{ en: 'Courier', de: 'Kurier' }`. */
export type Translated = string | Readonly<Record<string, string>>;

/** The language of people whose own there is no text in. */
const FALLBACK = 'en';

/**
 * The text in the language of a locale: in exactly this one, or else in its language without script and region, in English, or in
 * the first language of the text.
 */
export function translate(text: Translated, locale: string): string {
  if (typeof text === 'string') return text;
  const [language = ''] = locale.split('-', 1);
  return getOwn(text, locale) ?? getOwn(text, language) ?? getOwn(text, FALLBACK) ?? Object.values(text)[0] ?? '';
}
