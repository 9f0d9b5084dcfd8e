import { compile } from 'html-to-text';
import { z } from 'zod';
import type { EmailContent } from './content';
import { parseLiquid } from './liquid';
import { compileMjml } from './mjml';
import type { Template } from './template';
import { TemplateError } from './template-error';
import { checked, readYaml } from './yaml';

const frontMatter = z.strictObject({ subject: z.string(), preheader: z.string().optional() });

const htmlToText = compile({
  wordwrap: false,
  selectors: [
    // Upper case would break Liquid inside the heading.
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    // Items would be numbered before Liquid's loops run.
    { selector: 'ol', format: 'unorderedList' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
    { selector: 'img', format: 'skip' },
    { selector: 'div[style^="display:none"]', format: 'skip' },
  ],
});

/**
 * Compiles an email template: front matter, then MJML with Liquid. MJML becomes HTML, and HTML becomes plain text, once. Rendering a
 * message then only runs Liquid.
 * @param file path of the template, for `mj-include`
 * @param shared folder of shared templates, also allowed for `mj-include`
 * @throws {TemplateError} with the line of each mistake
 */
export async function parseEmail(source: string, file: string, shared: string): Promise<Template<EmailContent>> {
  const [head, yaml] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(source) ?? [];
  if (head === undefined) throw new TemplateError(['must begin with front matter between two lines of ---']);
  const { subject, preheader } = checked(frontMatter, readYaml(yaml ?? ''));
  // Empty lines in place of the front matter keep line numbers correct.
  const html = await compileMjml(head.replace(/[^\n]/g, '') + source.slice(head.length), file, shared);
  const fields = {
    subject: parseLiquid('subject', subject, 'text'),
    html: parseLiquid('html', preheader === undefined ? html : withPreheader(html, preheader), 'html'),
  };
  const text = parseLiquid('text', toText(html), 'text');
  return {
    fields,
    render: (context) => ({
      subject: oneLine(fields.subject.render(context)),
      html: fields.html.render(context),
      text: tidy(text.render(context)),
    }),
  };
}

/** Inserts the preheader, which mail programs show beside the subject. */
function withPreheader(html: string, preheader: string): string {
  const hidden = `<div style="display:none;max-height:0;overflow:hidden">${preheader}</div>`;
  return html.replace(/<body[^>]*>/, (body) => body + hidden);
}

/** Converts HTML with Liquid to plain text. A line of nothing but Liquid tags joins the next line, or it would render as an empty one. */
function toText(html: string): string {
  return `${htmlToText(html)}\n`.replace(/^[ \t]*((?:\{%(?:(?!%\})[\s\S])*%\}[ \t]*)+)\n/gm, '$1');
}

/** Removes control characters. A line break in a subject would let a trait add headers. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

function tidy(text: string): string {
  return text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
