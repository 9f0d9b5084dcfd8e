import type { Settings } from '../renderer';
import { textsIn, type Texts } from './texts';

let settings: Settings = { locale: 'en' };
let own: Texts = textsIn('en');

/** Says how all messages of this page look and speak. The client calls it once, before the first one. */
export function configure(given: Settings): void {
  settings = given;
  own = textsIn(given.locale, given.texts);
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
