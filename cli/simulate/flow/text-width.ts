/** Widths of characters in parts of the font size, rounded up to those of the widest common system font, DejaVu Sans. */
const NARROW = 0.42;
const USUAL = 0.64;
const WIDE = 0.86;
const WIDEST = 1;

/** The most width that a line of text takes in a system font. It is not measured: nothing here knows the reader's fonts. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width * size;
}

function widthOf(character: string): number {
  if (/[ijlI.,:;'|!()[\]ftr /\\-]/.test(character)) return NARROW;
  if (/[mwMWQOGD@%+=<>−–]/.test(character)) return WIDE;
  if (/[a-z0-9]/.test(character)) return USUAL;
  if (/[A-Z#&?_"$]/.test(character)) return 0.78;
  return WIDEST;
}

/**
 * Breaks a text into lines of at most this width, at spaces where there are any. A text of more than `most` lines, or a word that is
 * too long, ends in an ellipsis.
 */
export function linesOf(
  text: string,
  size: number,
  { width, most }: { readonly width: number; readonly most: number },
): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const last = lines.slice(most - 1).join(' ');
  return [...lines.slice(0, most - 1), last].filter((line) => line !== '').map((line) => cut(line, size, width));
}

/** Shortens a text to a width, and says so with an ellipsis. */
export function cut(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, size) > width) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}
