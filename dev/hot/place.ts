import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { types } from 'node:util';
import { codeFrameColumns } from '@babel/code-frame';
import { isFile } from '../is-file';

/** A place in a file. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 0; null where only the line is known. */
  readonly column: number | null;
}

/** A problem of journeys, and where it is, if that is known. */
export interface PlacedProblem {
  readonly text: string;
  readonly place: Place | null;
}

/** A file with its line and column, in a stack trace or in the message about a template. */
const PLACES = /(?:file:\/\/)?((?:[A-Za-z]:)?[^\s():'"]+\.[A-Za-z]+):(\d+)(?::(\d+))?/g;
/** One error of esbuild, in the message that tsx makes of them. Its columns count from 0. */
const SYNTAX_ERRORS = /^(.+):(\d+):(\d+): ERROR: (.+)$/gm;

/** Where Sojourn itself lies, which in a clone of its repository is no package. */
const SOJOURN = resolve(__dirname, '../..');

/**
 * Finds the first place that a text names in a file of somebody's own: in no package, and not in Sojourn.
 * @param text a message or a stack trace
 * @param folders those of the journeys; relative names of files are looked up in these
 */
export function placeIn(text: string, folders: readonly string[]): Place | null {
  for (const [, name = '', line, column] of text.matchAll(PLACES)) {
    const file = folders.map((folder) => resolve(folder, name)).find(isFile);
    if (file === undefined || file.split(sep).includes('node_modules')) continue;
    if (isIn(SOJOURN, file) && !folders.some((folder) => isIn(folder, file))) continue;
    return { file, line: Number(line), column: column === undefined ? null : Number(column) - 1 };
  }
  return null;
}

/** Is a file in a folder, or in one of its folders? */
export function isIn(folder: string, file: string): boolean {
  return !relative(folder, file).startsWith('..');
}

/** The problems in what a module has thrown while it was loaded. */
export function problemsIn(thrown: unknown, folders: readonly string[]): PlacedProblem[] {
  const { message, stack } = types.isNativeError(thrown) ? thrown : { message: String(thrown), stack: '' };
  const syntax = [...message.matchAll(SYNTAX_ERRORS)].map(([, file = '', line, column, text = '']) => ({
    text,
    place: { file, line: Number(line), column: Number(column) },
  }));
  return syntax.length > 0 ? syntax : [{ text: message, place: placeIn(stack ?? '', folders) }];
}

/**
 * Finds where a file names something between quotes, such as a step.
 * @returns null where it does not
 */
export function placeOfName(file: string, name: string): Place | null {
  const lines = linesOf(file);
  for (const quote of [`'`, `"`, '`']) {
    const index = lines.findIndex((text) => text.includes(quote + name + quote));
    if (index >= 0) return { file, line: index + 1, column: lines[index]?.indexOf(quote + name + quote) ?? null };
  }
  return null;
}

/**
 * Formats problems: each with its place, and with what is written there.
 * @param highlightCode whether the code has the colours of a terminal. Default: whether the output is one
 */
export function formatProblems(
  problems: readonly PlacedProblem[],
  highlightCode: boolean = process.stdout.isTTY,
): string {
  return problems
    .map(({ text, place }) => {
      if (!place) return text;
      const { file, line } = place;
      const column = place.column === null ? undefined : place.column + 1;
      const source = linesOf(file).join('\n');
      const at = [relative(process.cwd(), file), line, column].filter((part) => part !== undefined).join(':');
      const frame = codeFrameColumns(source, { start: { line, column } }, { highlightCode });
      return `${at}: ${text}\n${frame}`;
    })
    .join('\n\n');
}

function linesOf(file: string): string[] {
  return isFile(file) ? readFileSync(file, 'utf8').split(/\r?\n/) : [];
}
