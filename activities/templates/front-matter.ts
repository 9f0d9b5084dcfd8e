import { z } from 'zod';
import { checked } from './checked';
import type { HeadText } from './head-text';
import { mailHeadShape, type MailHead } from './mail-head';
import type { Passage } from './passage';
import { TemplateError } from './template-error';
import { readYaml } from './yaml';

const schema = z.strictObject({
  subject: z.string().min(1, 'is empty; write a text'),
  preheader: z.string().exactOptional(),
  lang: z.string().min(1, 'is empty; write a language tag such as en or de-AT').exactOptional(),
  ...mailHeadShape,
});

/** An email template in its two parts. */
export interface EmailSource {
  readonly subject: HeadText;
  readonly preheader: HeadText | null;
  /** The language of the email, as a tag; null where the front matter does not say. */
  readonly lang: HeadText | null;
  readonly head: MailHead;
  readonly mjml: Passage;
}

/**
 * Takes an email template apart.
 * @throws {TemplateError} with file and line of each mistake in the front matter, and what to write
 */
export function splitEmail(source: Passage): EmailSource {
  const { text } = source;
  const begin = /^\uFEFF?\s*---[ \t]*(?:\r?\n|$)/.exec(text)?.[0].length;
  if (begin === undefined)
    throw new TemplateError([
      `${source.at()}: must begin with front matter: a line of ---, a line such as subject: Hello, and a line of ---`,
    ]);
  const end = /^---[ \t]*(?:\r?\n|$)/m.exec(text.slice(begin));
  if (!end)
    throw new TemplateError([`${source.at()}: the front matter does not end: write a line of --- before the MJML`]);
  const head = source.part(begin, begin + end.index);
  const yaml = readYaml(head);
  const value = checked(schema, yaml.value, { source: head, yaml });
  const { subject, preheader, lang } = value;
  const passage = (field: string): Passage => yaml.passage(field) ?? head;
  const optional = (field: string, text: string | undefined): HeadText | null =>
    text === undefined ? null : { text, passage: passage(field) };
  const list = (field: string, texts: string | readonly string[] = []): HeadText[] =>
    typeof texts === 'string'
      ? [{ text: texts, passage: passage(field) }]
      : texts.map((text, n) => ({ text, passage: passage(`${field}.${n}`) }));
  return {
    subject: { text: subject, passage: passage('subject') },
    preheader: optional('preheader', preheader),
    lang: optional('lang', lang),
    head: {
      from: optional('from', value.from),
      replyTo: list('replyTo', value.replyTo),
      cc: list('cc', value.cc),
      headers: Object.entries(value.headers ?? {}).map(([name, text]) => [
        name,
        { text, passage: passage(`headers.${name}`) },
      ]),
      attachments: optional('attachments', value.attachments),
    },
    mjml: source.part(begin + end.index + end[0].length),
  };
}
