import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { filesIn } from './files';
import { Passage, whereIs, type Located } from './passage';

/** A text in a file. */
export interface TextInFile extends Located {
  readonly path: string;
}

/** A text that was read from a passage of a file. Without quotes and line breaks, its tags are all that it has in common with it. */
export function textRead(path: string, passage: Passage, text: string): TextInFile {
  return { path, text, at: (offset = 0) => whereIs([passage], text.slice(offset, text.indexOf('%}', offset) + 2)) };
}

/** A file that templates are put together from. */
export interface Part extends TextInFile {
  readonly passage: Passage;
}

/** The kinds of parts: their folder below `templates/`, and how the names of the files end. */
export const PARTS = {
  partial: { folder: 'partials', suffix: '.liquid' },
  layout: { folder: 'layouts', suffix: '.mjml' },
} as const;
export type PartKind = keyof typeof PARTS;

/** The partials and layouts that the templates of one folder may use, by name. */
export type Parts = { readonly [Kind in PartKind]: ReadonlyMap<string, Part> };

/** No partials and no layouts. */
export const NO_PARTS: Parts = { partial: new Map(), layout: new Map() };

/**
 * Reads the partials and layouts of a folder of templates.
 * @param root the folder of the journeys; errors name a file by its path below it
 * @param shared those that the folder may use, too. Its own take precedence
 */
export async function partsIn(templates: string, root: string, shared: Parts): Promise<Parts> {
  const read = async (kind: PartKind): Promise<ReadonlyMap<string, Part>> => {
    const { folder, suffix } = PARTS[kind];
    const paths = (await filesIn(join(templates, folder))).filter((path) => path.endsWith(suffix));
    const own = paths.map(async (path) => [basename(path, suffix), await readPart(path, root)] as const);
    return new Map([...shared[kind], ...(await Promise.all(own))]);
  };
  return { partial: await read('partial'), layout: await read('layout') };
}

async function readPart(path: string, root: string): Promise<Part> {
  // The last line end belongs to the file, not to what stands in it.
  const text = (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  const passage = new Passage(relative(root, path), text);
  return { path, passage, text, at: (offset) => passage.at(offset) };
}
