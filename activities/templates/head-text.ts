import type { Passage } from './passage';

/** A text of the front matter. */
export interface HeadText {
  readonly text: string;
  readonly passage: Passage;
}
