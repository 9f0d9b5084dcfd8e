/** A text of which it is known where each part was written. */
export interface Located {
  readonly text: string;
  /** Names the file and the line of an offset: `onboarding/templates/welcome.email.mjml:3`. */
  at(offset?: number): string;
}

/** A part of a template file. It turns what is known of a mistake into the file and line that its author has to change. */
export class Passage implements Located {
  readonly text: string;

  /**
   * @param file name of the file, as messages show it
   * @param whole text of the whole file
   * @param from offset in the file at which the part begins
   * @param to offset at which it ends
   */
  constructor(
    private readonly file: string,
    private readonly whole: string,
    private readonly from = 0,
    to = whole.length,
  ) {
    this.text = whole.slice(from, to);
  }

  /** A part of this part. */
  part(from: number, to = this.text.length): Passage {
    return new Passage(this.file, this.whole, this.from + from, this.from + to);
  }

  /** Names the file and the line of an offset in this part: `onboarding/templates/welcome.email.mjml:3`. */
  at(offset = 0): string {
    return `${this.file}:${this.whole.slice(0, this.from + offset).split('\n').length}`;
  }

  /** Names the file and a line of it, counted from 1 in the file; null when the line does not contain a text. */
  onLine(line: number, text: string): string | null {
    return this.whole.split('\n')[line - 1]?.includes(text) ? `${this.file}:${line}` : null;
  }

  /** The whole line of the file in which an offset of this part stands. */
  line(offset: number): string {
    const at = this.from + offset;
    const end = this.whole.indexOf('\n', at);
    return this.whole.slice(this.whole.lastIndexOf('\n', at - 1) + 1, end === -1 ? undefined : end).trimEnd();
  }
}

/**
 * Names the file and line of the first passage that contains a text.
 * @param passages where to look, the most likely first
 * @returns the beginning of the first passage when none contains the text
 */
export function whereIs(passages: readonly [Passage, ...Passage[]], text: string): string {
  for (const passage of passages) {
    const offset = passage.text.indexOf(text);
    if (offset !== -1) return passage.at(offset);
  }
  return passages[0].at();
}
