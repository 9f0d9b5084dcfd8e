import type { Texts } from './kinds/texts';

/** How messages look and speak on this page. */
export interface Settings {
  /** A BCP 47 tag: of the SDK's own texts, of numbers and dates. */
  readonly locale: string;
  readonly texts?: Partial<Texts>;
  /** Of the page's Content Security Policy. Needed only by browsers that can't construct style sheets. */
  readonly nonce?: string;
  /** Default: as the page's own `color-scheme` says. */
  readonly theme?: 'light' | 'dark';
}
