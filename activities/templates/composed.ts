import type { Located } from './passage';

/** A text of one file, or one that was put in its place, which then has no line but its first. */
export interface Piece {
  readonly text: string;
  at(offset: number): string;
}

/** A text that was put together from pieces of several files. */
export class Composed implements Located {
  readonly text: string;

  constructor(private readonly pieces: readonly Piece[]) {
    this.text = pieces.map(({ text }) => text).join('');
  }

  at(offset = 0): string {
    let begin = 0;
    for (const piece of this.pieces) {
      if (offset < begin + piece.text.length) return piece.at(offset - begin);
      begin += piece.text.length;
    }
    return this.pieces.at(-1)?.at(0) ?? '';
  }

  /** Names the file and line of a text in one of the lines, counted from 1; null when the line does not have it. */
  onLine(line: number, text: string): string | null {
    const lines = this.text.split('\n');
    const column = lines[line - 1]?.indexOf(text) ?? -1;
    if (column === -1) return null;
    return this.at(lines.slice(0, line - 1).reduce((length, { length: more }) => length + more + 1, column));
  }
}
