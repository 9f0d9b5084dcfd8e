import { withLayout, withPartials, type Composition } from './compose';
import type { EmailContent } from './content';
import { splitEmail, type HeadText } from './front-matter';
import { rendering } from './limits';
import { parseLiquid } from './liquid';
import { fullAllowance } from './liquid-engine';
import { compileMjml } from './mjml';
import { textRead } from './parts';
import { finishText, plainText } from './plain-text';
import { ELLIPSIS, shortened } from './shortened';
import type { Template, TemplateFile } from './template';

/** What a line of 998 octets (RFC 5322 2.1.1) has left beside `Subject: `. */
const MAX_SUBJECT_OCTETS = 998 - 'Subject: '.length;

/**
 * Compiles an email template: front matter, then MJML with Liquid. Partials and the layout are put in their places, MJML becomes HTML,
 * and HTML becomes plain text, once. Rendering a message then only runs Liquid.
 * @throws {TemplateError} with file and line of each mistake
 */
export async function parseEmail({ source, path, shared, parts }: TemplateFile): Promise<Template<EmailContent>> {
  const { subject, preheader, mjml } = splitEmail(source);
  const body = withLayout({ path, text: mjml.text, at: (offset) => mjml.at(offset) }, parts);
  const { html, included } = await compileMjml(body.composed, path, shared);
  const passages = [mjml, ...body.parts, ...included] as const;
  const ofHead = ({ text, passage }: HeadText): Composition => withPartials(textRead(path, passage, text), parts);
  const line = ofHead(subject);
  const preview = preheader && ofHead(preheader);
  const fields = {
    subject: parseLiquid({
      field: 'subject',
      text: line.composed.text,
      format: 'text',
      passages: [subject.passage, ...line.parts],
    }),
    html: parseLiquid({
      field: 'html',
      text: preview ? withPreheader(html, preview.composed.text) : html,
      format: 'html',
      passages: preheader && preview ? [...passages, preheader.passage, ...preview.parts] : passages,
    }),
  };
  const text = parseLiquid({ field: 'text', text: plainText(html), format: 'text', passages });
  return {
    fields,
    written: null,
    render: (context) =>
      rendering(() => {
        const allowance = fullAllowance();
        return {
          subject: subjectLine(fields.subject.render(context, allowance)),
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

/**
 * Makes one line of a subject that a mail can have. A line break in it would let a trait add headers, and mail servers refuse longer
 * lines.
 */
function subjectLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  if (Buffer.byteLength(line) <= MAX_SUBJECT_OCTETS) return line;
  return shortened(line, MAX_SUBJECT_OCTETS - Buffer.byteLength(ELLIPSIS), (character) => Buffer.byteLength(character));
}
