import { compile, type DomNode, type FormatCallback } from 'html-to-text';

/** Begins a row of a table, until Liquid has made the rows. No text holds these control characters. */
const ROW = '\u001d';
/** Ends a row. */
const ROW_END = '\u001c';
/** Ends a cell. */
const CELL_END = '\u001f';
/** Begins an item of a numbered list, until Liquid has made the items. */
const NUMBER = '\u001e';

/**
 * Writes each row of a table on a line of its own, with its cells apart. MJML lays mails out in tables, which it marks as such; of
 * those, the content of the cells is written, each row as a paragraph.
 */
const table: FormatCallback = (element, walk, builder, options) => {
  builder.openBlock({ leadingLineBreaks: 2 });
  (isLayout(element) ? layoutRows : rows)(element, walk, builder, options);
  builder.closeBlock({ trailingLineBreaks: 2 });
};

const rows = eachRow(1, (cells, walk, builder) => {
  builder.addInline(ROW);
  for (const cell of cells) {
    if (!isCell(cell)) walk([cell], builder);
    else {
      walk(cell.children, builder);
      builder.addInline(CELL_END);
    }
  }
  builder.addInline(ROW_END);
});

const layoutRows = eachRow(2, (cells, walk, builder) => {
  for (const cell of cells) {
    walk(isCell(cell) ? cell.children : [cell], builder);
    builder.addInline(' ');
  }
});

/**
 * Walks the rows of a table, each as a block. What stands between them, such as a tag of Liquid, is walked as it is.
 * @param lineBreaks between the rows
 */
function eachRow(lineBreaks: 1 | 2, row: (cells: DomNode[], walk: Walk, builder: Builder) => void): FormatCallback {
  const all: FormatCallback = (element, walk, builder, options) => {
    for (const child of element.children) {
      if (child.name === 'thead' || child.name === 'tbody' || child.name === 'tfoot')
        all(child, walk, builder, options);
      else if (child.name === 'tr') {
        builder.openBlock({ leadingLineBreaks: lineBreaks });
        row(child.children, walk, builder);
        builder.closeBlock({ trailingLineBreaks: lineBreaks });
      } else walk([child], builder);
    }
  };
  return all;
}

type Walk = Parameters<FormatCallback>[1];
type Builder = Parameters<FormatCallback>[2];

function isCell({ name }: DomNode): boolean {
  return name === 'td' || name === 'th';
}

function isLayout({ attribs }: DomNode): boolean {
  const { role } = attribs as { role?: string };
  return role === 'presentation' || role === 'none';
}

/** Writes what an image says to those who don't see it. */
const image: FormatCallback = (element, _, builder) => {
  const { alt = '' } = element.attribs as { alt?: string };
  builder.addInline(alt);
};

const htmlToText = compile({
  wordwrap: false,
  formatters: { table, image },
  selectors: [
    // Upper case would break Liquid inside the heading.
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    // Liquid's loops have not made the items yet.
    { selector: 'ol', format: 'unorderedList', options: { itemPrefix: ` ${NUMBER}. ` } },
    { selector: 'a', options: { linkBrackets: ['(', ')'] } },
    { selector: 'div[style^="display:none"]', format: 'skip' },
  ],
});

/**
 * Converts HTML with Liquid to plain text with Liquid, which `finishText` completes after rendering. A line of nothing but Liquid
 * tags joins the next line, or it would render as an empty one.
 */
export function plainText(html: string): string {
  return `${htmlToText(html)}\n`.replace(/^[ \t]*((?:\{%(?:(?!%\})[\s\S])*%\}[ \t]*)+)\n/gm, '$1');
}

/** Completes a rendered text: numbers the items of lists, makes a line of each row of a table, and removes what is superfluous. */
export function finishText(text: string): string {
  const number = numbering();
  const numbered = text.split('\n').map(number).join('\n');
  return withRows(numbered)
    .split('\n')
    .map((line) => linksOnce(line).trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Removes the address of a link whose text is that address. */
function linksOnce(line: string): string {
  if (!line.includes(' (')) return line;
  const kept: string[] = [];
  for (const word of line.split(' ')) {
    const before = kept.at(-1) ?? '';
    const address = before.replace(/^\(/, '');
    const again = /[:@/]/.test(address) && word.startsWith(`(${address})`);
    if (again) kept.splice(-1, 1, before + word.slice(address.length + 2));
    else kept.push(word);
  }
  return kept.join(' ');
}

/** Makes a line of each row of a table. What is in several lines of a cell, such as paragraphs, comes together. */
function withRows(text: string): string {
  const open: string[] = [''];
  const add = (part: string): void => void open.push((open.pop() ?? '') + part);
  const parts = text.split(/([\u001c\u001d])/);
  for (const [index, part] of parts.entries()) {
    if (part === ROW) open.push('');
    else if (part === ROW_END) {
      if (open.length > 1) add(cells(open.pop() ?? ''));
    } else add(parts[index + 1] === ROW ? withoutIndent(part) : part);
  }
  return open.join('');
}

/** A text without the blanks in its last line, if that has nothing else. Liquid's tags leave them before a row. */
function withoutIndent(text: string): string {
  const lastLine = text.lastIndexOf('\n') + 1;
  return text.slice(lastLine).trim() === '' ? text.slice(0, lastLine) : text;
}

function cells(row: string): string {
  const inOneLine = (cell: string): string =>
    cell
      .split('\n')
      .flatMap((line) => line.trim() || [])
      .join(' ');
  const found = row.split(CELL_END).map(inOneLine);
  while (found.at(-1) === '') found.pop();
  return found.join(' | ');
}

/** Numbers the items of lists, line by line. A line of text that is not indented like an item ends the list, and with it those inside. */
function numbering(): (line: string) => string {
  const open: { readonly indent: number; count: number }[] = [];
  return (line) => {
    if (line.trim() === '') return line;
    const indent = line.length - line.trimStart().length;
    const item = line.startsWith(NUMBER, indent);
    while ((open.at(-1)?.indent ?? -1) > indent || (!item && open.at(-1)?.indent === indent)) open.pop();
    if (!item) return line;
    let list = open.at(-1);
    if (list?.indent !== indent) open.push((list = { indent, count: 0 }));
    list.count += 1;
    return line.replace(NUMBER, String(list.count));
  };
}
