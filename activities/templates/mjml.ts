import mjml2html from 'mjml';
import { TemplateError } from './template-error';

/**
 * Compiles MJML to HTML and leaves Liquid as it is.
 * @param file path of the template, to which `mj-include` is relative
 * @param shared a folder from which the template may include, besides its own
 * @throws {TemplateError} with the line of each mistake, and for Liquid that MJML would lose
 */
export async function compileMjml(source: string, file: string, shared: string): Promise<string> {
  // Default fonts would make readers' mail programs contact a font host.
  const options = { filePath: file, includePath: shared, ignoreIncludes: false, fonts: {} };
  const { html, errors } = await mjml2html(source, options).catch((error: unknown) => {
    throw new TemplateError([`MJML: ${error instanceof Error ? error.message : String(error)}`]);
  });
  const problems = errors
    // MJML checks attributes before Liquid has filled them in.
    .filter(({ message }) => !message.includes('{{'))
    .map(({ line, message }) => `MJML: line ${line}: ${message.trim()}`);
  if (/<!-- mj-include (?:denied|fails)/.test(html)) {
    problems.push("MJML: an mj-include is not a file of the template's own folder or of the shared one");
  }
  const kept = liquidTags(html);
  for (const [tag, times] of liquidTags(source)) {
    if ((kept.get(tag) ?? 0) < times) problems.push(`MJML would drop ${tag}: put it inside <mj-raw> or a text`);
  }
  if (problems.length > 0) throw new TemplateError(problems);
  return html;
}

function liquidTags(source: string): Map<string, number> {
  const tags = new Map<string, number>();
  for (const [tag] of source.matchAll(/\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}/g)) tags.set(tag, (tags.get(tag) ?? 0) + 1);
  return tags;
}
