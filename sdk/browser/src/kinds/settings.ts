import type { Settings } from '../renderer';
import { textsIn, type Texts } from './texts';

let settings: Settings = { locale: 'en' };
let own: Texts = textsIn('en');

/** Says how all messages of this page look and speak. The client calls it once, before the first one. */
export function configure(given: Settings): void {
  const locale = tagIn(given.locale);
  settings = { ...given, locale };
  own = textsIn(locale, given.texts);
}

/** The language tag that a page means: many write `de_DE`. English if it is none, of which numbers and dates would throw. */
function tagIn(locale: string): string {
  try {
    return new Intl.Locale(locale.replace(/_/g, '-')).baseName;
  } catch {
    return 'en';
  }
}

export const look = (): Settings => settings;
export const texts = (): Texts => own;

/** Puts numbers into one of the texts, written as the locale does. */
export function fill(text: string, n: number, of = 0): string {
  const shown = (value: number) => new Intl.NumberFormat(settings.locale).format(value);
  return text.replace('{n}', shown(n)).replace('{of}', shown(of));
}

export const percent = (share: number): string =>
  new Intl.NumberFormat(settings.locale, { style: 'percent' }).format(share);
