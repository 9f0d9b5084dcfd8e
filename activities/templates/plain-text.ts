import { compile, type DomNode, type FormatCallback } from 'html-to-text';

/** Ends a cell of a table, until Liquid has made the rows. No text holds this control character. */
const CELL_END = '\u001f';
/** Begins an item of a numbered list, until Liquid has made the items. */
const NUMBER = '\u001e';

/**
 * Writes each row of a table on a line of its own. MJML lays mails out in tables, which it marks as such; those are walked like any
 * other element.
 */
const table: FormatCallback = (element, walk, builder, options) => {
  builder.openBlock({ leadingLineBreaks: 2 });
  if (isLayout(element)) walk(element.children, builder);
  else rows(element, walk, builder, options);
  builder.closeBlock({ trailingLineBreaks: 2 });
};

const rows: FormatCallback = (element, walk, builder, options) => {
  for (const child of element.children) {
    if (child.name === 'thead' || child.name === 'tbody' || child.name === 'tfoot') rows(child, walk, builder, options);
    else if (child.name === 'tr') {
      builder.openBlock({ leadingLineBreaks: 1 });
      for (const cell of child.children) {
        if (cell.name !== 'td' && cell.name !== 'th') walk([cell], builder);
        else {
          walk(contentOf(cell), builder);
          builder.addInline(CELL_END);
        }
      }
      builder.closeBlock({ trailingLineBreaks: 1 });
    } else walk([child], builder);
  }
};

/** The content of a cell. A single paragraph counts as its text, because it would break the row. */
function contentOf(cell: DomNode): DomNode[] {
  const [first, ...others] = cell.children.filter(({ type, data = '' }) => type !== 'text' || data.trim() !== '');
  return first && others.length === 0 && (first.name === 'p' || first.name === 'div')
    ? contentOf(first)
    : cell.children;
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

/** Completes a rendered text: separates the cells of tables, numbers the items of lists, and removes what is superfluous. */
export function finishText(text: string): string {
  const number = numbering();
  return text
    .split('\n')
    .map((line) => cells(linksOnce(number(line))).trimEnd())
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

function cells(line: string): string {
  if (!line.includes(CELL_END)) return line;
  const found = line.split(CELL_END).map((cell) => cell.trim());
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
