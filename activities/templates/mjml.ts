import mjml2html from 'mjml';
import type { Composed } from './composed';
import { includedFiles } from './mjml-includes';
import type { Passage } from './passage';
import { TemplateError } from './template-error';

/** What MJML made of a template. */
export interface CompiledMjml {
  readonly html: string;
  /** The files that it includes by `mj-include`. */
  readonly included: readonly Passage[];
}

/**
 * Compiles MJML to HTML and leaves Liquid as it is.
 * @param source the MJML of the template, in its layout and with its partials
 * @param path path of the template, to which `mj-include` is relative
 * @param shared a folder from which the template may include, besides its own
 * @throws {TemplateError} with file and line of each mistake, and for Liquid that MJML would lose
 */
export async function compileMjml(source: Composed, path: string, shared: string): Promise<CompiledMjml> {
  const included = includedFiles({ path, source }, shared);
  // Default fonts would make readers' mail programs contact a font host.
  const options = { filePath: path, includePath: shared, ignoreIncludes: false, fonts: {} };
  const { html, errors } = await mjml2html(source.text, options).catch((error: unknown) => {
    throw new TemplateError([`${source.at()}: MJML: ${error instanceof Error ? error.message : String(error)}`]);
  });
  const problems = errors
    // MJML checks attributes before Liquid has filled them in.
    .filter(({ message }) => !message.includes('{{'))
    .map(({ line, tagName, message }) => {
      // MJML gives the line in the file that has the element, and does not say which file that is.
      const [where = source.at()] = [source, ...included].flatMap((text) => text.onLine(line, `<${tagName}`) ?? []);
      return `${where}: MJML: ${message.trim()}`;
    });
  const kept = liquidTags(html);
  for (const [tag, times] of liquidTags(source.text)) {
    if ((kept.get(tag) ?? 0) < times)
      problems.push(`${source.at(source.text.indexOf(tag))}: MJML would drop ${tag}: ${insteadOf(tag)}`);
  }
  if (problems.length > 0) throw new TemplateError(problems);
  return { html, included };
}

function insteadOf(tag: string): string {
  const [, partial] = /^\{%\s*render\s+(["'][\w-]+["'])/.exec(tag) ?? [];
  return `put it inside <mj-raw> or a text${partial === undefined ? '' : `, or write {% include ${partial} %}`}`;
}

function liquidTags(source: string): Map<string, number> {
  const tags = new Map<string, number>();
  // The end of a partial is lost only where its beginning is.
  for (const [tag] of source.matchAll(/\{%(?! endrender %)[\s\S]*?%\}|\{\{[\s\S]*?\}\}/g))
    tags.set(tag, (tags.get(tag) ?? 0) + 1);
  return tags;
}
