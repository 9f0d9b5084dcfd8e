import { ENGLISH } from './english';
import { GERMAN } from './german';
import type { PageTexts } from './texts';

export { ofChannel, type PageTexts } from './texts';

const TEXTS = { en: ENGLISH, de: GERMAN } as const;

/** The languages of the pages. English comes first: it is for those whose language is not among them. */
export const PAGE_LANGUAGES = ['en', 'de'] as const satisfies readonly [keyof typeof TEXTS, ...(keyof typeof TEXTS)[]];

/** The texts, and the language that they are in. */
export interface PageWords {
  readonly language: (typeof PAGE_LANGUAGES)[number];
  readonly texts: PageTexts;
}

/** The texts of the pages in a language, or in English. @param tag a language tag, such as `de-AT` */
export function pageWords(tag: string): PageWords {
  const [base = ''] = tag.toLowerCase().split('-');
  const language = PAGE_LANGUAGES.find((one) => one === base) ?? PAGE_LANGUAGES[0];
  return { language, texts: TEXTS[language] };
}
