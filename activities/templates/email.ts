import { languageTag } from '../../engine/model/localized';
import { withLayout, withPartials, type Composition } from './compose';
import type { EmailContent } from './content';
import { splitEmail } from './front-matter';
import type { HeadText } from './head-text';
import { compileHead } from './mail-head';
import { rendering } from './limits';
import { parseLiquid, type LiquidText } from './liquid';
import { fullAllowance } from './liquid-engine';
import { compileMjml } from './mjml';
import { textRead } from './parts';
import { finishText, plainText } from './plain-text';
import { ELLIPSIS, shortened } from './shortened';
import type { Template, TemplateFile } from './template';

/** What a line of 998 octets (RFC 5322 2.1.1) has left beside `Subject: `. */
const MAX_SUBJECT_OCTETS = 998 - 'Subject: '.length;

/** The language of an email of which none is known. The filters for numbers and dates take the same. */
const DEFAULT_LANGUAGE = 'en';

/**
 * Compiles an email template: front matter, then MJML with Liquid. Partials and the layout are put in their places, MJML becomes HTML,
 * and HTML becomes plain text, once. Rendering a message then only runs Liquid.
 * @throws {TemplateError} with file and line of each mistake
 */
export async function parseEmail({ source, path, shared, parts }: TemplateFile): Promise<Template<EmailContent>> {
  const { subject, preheader, lang, head, mjml } = splitEmail(source);
  const body = withLayout({ path, text: mjml.text, at: (offset) => mjml.at(offset) }, parts);
  const { html, included } = await compileMjml(body.composed, path, shared);
  const passages = [mjml, ...body.parts, ...included] as const;
  const ofHead = ({ text, passage }: HeadText): Composition => withPartials(textRead(path, passage, text), parts);
  const lineOf = (field: string, head: HeadText): LiquidText => {
    const line = ofHead(head);
    return parseLiquid({
      ...{ field, text: line.composed.text, format: 'text' },
      passages: [head.passage, ...line.parts],
    });
  };
  const preview = preheader && ofHead(preheader);
  const language = lang && lineOf('lang', lang);
  const mailHead = compileHead(head, lineOf);
  const fields = {
    subject: lineOf('subject', subject),
    ...mailHead.fields,
    ...(language && { lang: language }),
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
        const line = subjectLine(fields.subject.render(context, allowance));
        const spoken = languageTag(language?.render(context, allowance).trim()) ?? DEFAULT_LANGUAGE;
        return {
          subject: line,
          html: withHead(fields.html.render(context, allowance), line, spoken),
          text: finishText(text.render(context, allowance)),
          ...mailHead.render(context, allowance),
        };
      }),
    flaws: (content) =>
      content.text === ''
        ? [`${mjml.at()}: the text part of the mail is empty; add a text, or give the images an alt text`]
        : [],
  };
}

/**
 * Completes what MJML leaves open in the HTML: the title, which is the subject, and the language of the document and of its content.
 * A title by `<mj-title>` and a language by `<mjml lang="…">` stay. All three stand before anything that a person says.
 */
function withHead(html: string, subject: string, language: string): string {
  const lang = `lang="${language}"`;
  const title = subject.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return html
    .replace('<title></title>', () => `<title>${title}</title>`)
    .replace('<html lang="und"', `<html ${lang}`)
    .replace('role="article" lang="und"', `role="article" ${lang}`);
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
