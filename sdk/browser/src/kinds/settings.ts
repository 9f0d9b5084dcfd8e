import type { Settings } from '../renderer';
import { ENGLISH, type Texts } from './texts';

/** The languages other than English. Each is a file of its own, which a page in that language loads. */
const LANGUAGES: Readonly<Record<string, () => Promise<{ readonly texts: Texts }>>> = {
  de: () => import('./languages/de'),
};

/** How messages look on this page. */
export let look: Settings = { locale: 'en' };

/** The SDK's own words in the language of this page. */
export let texts: Texts = ENGLISH;

/** Says how all messages of this page look and speak. The client calls it before it shows one. A language that can't be loaded is English. */
export async function configure(given: Settings): Promise<void> {
  const { baseName: locale, language } = localeOf(given.locale);
  const loaded = await LANGUAGES[language]?.().catch(() => undefined);
  look = { ...given, locale };
  texts = { ...ENGLISH, ...loaded?.texts, ...given.texts };
}

/** The locale that a page means: many write `de_DE`. English if it is none, of which numbers and dates would throw. */
function localeOf(tag: string): Intl.Locale {
  try {
    return new Intl.Locale(tag.replace(/_/g, '-'));
  } catch {
    return new Intl.Locale('en');
  }
}

/** Puts numbers into one of the texts, written as the locale does. */
export function fill(text: string, n: number, of = 0): string {
  const shown = (value: number) => value.toLocaleString(look.locale);
  return text.replace('{n}', shown(n)).replace('{of}', shown(of));
}

export const percent = (share: number): string => share.toLocaleString(look.locale, { style: 'percent' });

export const capitalized = (text: string): string => text.charAt(0).toLocaleUpperCase(look.locale) + text.slice(1);
