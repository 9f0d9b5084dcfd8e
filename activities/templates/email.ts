import type { EmailContent } from './content';
import { splitEmail } from './front-matter';
import { rendering } from './limits';
import { fullAllowance, parseLiquid } from './liquid';
import { compileMjml } from './mjml';
import type { Passage } from './passage';
import { finishText, plainText } from './plain-text';
import type { Template } from './template';

/**
 * Compiles an email template: front matter, then MJML with Liquid. MJML becomes HTML, and HTML becomes plain text, once. Rendering a
 * message then only runs Liquid.
 * @param path path of the template, for `mj-include`
 * @param shared folder of shared templates, also allowed for `mj-include`
 * @throws {TemplateError} with file and line of each mistake
 */
export async function parseEmail(source: Passage, path: string, shared: string): Promise<Template<EmailContent>> {
  const { subject, preheader, mjml } = splitEmail(source);
  const { html, passages } = await compileMjml(mjml, path, shared);
  const fields = {
    subject: parseLiquid({ field: 'subject', text: subject.text, format: 'text', passages: [subject.passage] }),
    html: parseLiquid({
      field: 'html',
      text: preheader === null ? html : withPreheader(html, preheader.text),
      format: 'html',
      passages: preheader === null ? passages : [...passages, preheader.passage],
    }),
  };
  const text = parseLiquid({ field: 'text', text: plainText(html), format: 'text', passages });
  return {
    fields,
    render: (context) =>
      rendering(() => {
        const allowance = fullAllowance();
        return {
          subject: oneLine(fields.subject.render(context, allowance)),
          html: fields.html.render(context, allowance),
          text: finishText(text.render(context, allowance)),
        };
      }),
    flaws: (content) =>
      content.text === ''
        ? [`${mjml.at()}: the text part of the mail is empty; add a text, or give the images an alt text`]
        : [],
  };
}

/** Inserts the preheader, which mail programs show beside the subject. */
function withPreheader(html: string, preheader: string): string {
  const hidden = `<div style="display:none;max-height:0;overflow:hidden">${preheader}</div>`;
  return html.replace(/<body[^>]*>/, (body) => body + hidden);
}

/** Removes control characters. A line break in a subject would let a trait add headers. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}
