import { languageOf, localized, localizedText } from './localized';

const texts = { fr: 'Oui', en: 'Yes', de: 'Ja', 'de-AT': 'Jo' };

it.each([
  ['de-AT', 'Jo'],
  ['de-at', 'Jo'],
  ['de-CH', 'Ja'],
  ['de', 'Ja'],
  ['en-GB', 'Yes'],
  ['ja', 'Yes'],
])('says in %s: %s', (language, text) => {
  expect(localized(texts, language)).toBe(text);
});

it('takes the first language where there is no English', () => {
  expect(localized({ fr: 'Oui', de: 'Ja' }, 'ja')).toBe('Oui');
});

it('says a plain text in every language', () => {
  expect(localized('OK', 'de')).toBe('OK');
});

it.each([
  [{ locale: 'de_DE.UTF-8' }, 'de-DE'],
  [{ locale: 'de-AT', fromContext: { locale: 'fr-FR' } }, 'de-AT'],
  [{ locale: '', fromContext: { locale: 'fr-FR' } }, 'fr-FR'],
  [{ locale: 7 }, 'en'],
])('takes the language of %j: %s', (traits, language) => {
  expect(languageOf(traits)).toBe(language);
});

it.each(['', {}, { english: 'Yes' }, { en: '' }, { en: 'too long' }, 7, null])('refuses %j for a text', (text) => {
  expect(localizedText(5).safeParse(text).success).toBe(false);
});
