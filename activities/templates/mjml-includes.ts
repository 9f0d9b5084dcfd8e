import { readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { LIMITS, tooLong } from './limits';
import { Passage, type Located } from './passage';
import { TemplateError } from './template-error';

/** An include, up to the quote behind its path. */
export const INCLUDE = /<mj-include\b[^>]*?\bpath\s*=\s*["']([^"']*)["']/g;

/** A file that MJML includes, or the template itself. */
interface IncludingFile {
  readonly path: string;
  readonly source: Located;
}

/**
 * Reads the files that a template includes, directly or through others.
 * @param shared folder of shared templates
 * @returns each file once
 * @throws {TemplateError} with file and line of an include that MJML would refuse or that goes round in circles, and when the template
 * is too long with everything it includes
 */
export function includedFiles(template: IncludingFile, shared: string): Passage[] {
  const root = dirname(shared);
  const files = new Map<string, Passage>();
  const problems = new Set<string>();
  const lengths = new Map<string, number>();

  /** The length of a file with everything it includes. A file that is included twice counts twice. */
  const lengthOf = ({ path, source }: IncludingFile, within: readonly string[]): number => {
    const known = lengths.get(path);
    if (known !== undefined) return known;
    let length = source.text.length;
    for (const { 1: target = '', index } of withoutComments(source.text).matchAll(INCLUDE)) {
      const included = resolve(dirname(path), target);
      const text = readAllowed(included, [dirname(path), shared]);
      if ([...within, path].includes(included)) problems.add(`${source.at(index)}: MJML: '${target}' includes itself`);
      else if (text === null)
        problems.add(
          `${source.at(index)}: MJML: '${target}' is not a file of this folder or of the shared one, templates/`,
        );
      else {
        const file = files.get(included) ?? new Passage(relative(root, included), text);
        files.set(included, file);
        length += lengthOf({ path: included, source: file }, [...within, path]);
      }
    }
    lengths.set(path, length);
    return length;
  };

  const length = lengthOf(template, []);
  if (length > LIMITS.parseLimit) problems.add(tooLong(template.source.at()));
  if (problems.size > 0) throw new TemplateError([...problems]);
  return [...files.values()];
}

/** The text of a file inside one of the folders; null when it can't be read or is elsewhere. */
function readAllowed(path: string, folders: readonly string[]): string | null {
  try {
    const target = realpathSync(path);
    const inside = folders.some((folder) => {
      const below = relative(realpathSync(folder), target);
      return below !== '' && !below.startsWith('..') && !isAbsolute(below);
    });
    return inside ? readFileSync(target, 'utf8') : null;
  } catch {
    return null;
  }
}

/** The text with spaces in place of its comments, so that offsets stay. */
function withoutComments(text: string): string {
  return text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '));
}
