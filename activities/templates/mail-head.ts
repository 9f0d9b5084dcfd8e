import addressparser from 'nodemailer/lib/addressparser';
import { z } from 'zod';
import type { TemplateContext } from '../../engine/definitions/template-use';
import { getOwn } from '../../engine/model/own-property';
import { emailAddress } from '../../engine/model/reach';
import { attachmentsIn } from './attachments';
import type { EmailContent } from './content';
import type { HeadText } from './head-text';
import type { LiquidText } from './liquid';
import type { Allowance } from './liquid-engine';
import { TemplateError } from './template-error';

/** What an email has beside its subject and its texts. */
export type MailHeadContent = Omit<EmailContent, 'subject' | 'html' | 'text'>;

/** What the front matter says of an email beside its texts. */
export interface MailHead {
  readonly from: HeadText | null;
  readonly replyTo: readonly HeadText[];
  readonly cc: readonly HeadText[];
  /** By name. */
  readonly headers: readonly (readonly [string, HeadText])[];
  /** The path of a list in what the template may use, such as `data.files`. */
  readonly attachments: HeadText | null;
}

const addresses = z.union([z.string(), z.array(z.string())], 'must be an address, or a list of addresses');

/** Headers that a template may add. All others belong to the message, the provider or the unsubscription. */
const HEADER =
  /^(?:List-(?!Unsubscribe)[\w-]+|X-(?!Sojourn-|PM-)[\w-]+|Feedback-ID|Auto-Submitted|Precedence|In-Reply-To|References)$/i;
/** What a line of 998 octets (RFC 5322 2.1.1) has left beside the name. */
const MAX_HEADER_OCTETS = 900;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** The fields of the front matter that `MailHead` is made of. */
export const mailHeadShape = {
  from: z.string().exactOptional(),
  replyTo: addresses.exactOptional(),
  cc: addresses.exactOptional(),
  headers: z
    .record(
      z.string().regex(HEADER),
      z.string(),
      'must be named List-…, X-…, Feedback-ID, Auto-Submitted, Precedence, In-Reply-To or References',
    )
    .exactOptional(),
  attachments: z
    .string()
    .regex(/^(?:data|event\.properties|user\.traits)(?:\.\w+)+$/, 'must be the path of a list, such as data.files')
    .exactOptional(),
};

/** The compiled head of an email. */
export interface CompiledHead {
  readonly fields: Readonly<Record<string, LiquidText>>;
  /** @throws {TemplateError} with the place of an address, a header or an attachment that is not fit to send */
  render(context: TemplateContext, allowance: Allowance): MailHeadContent;
}

/**
 * Compiles the head of an email. Each text renders to one address at most, so that no trait can add a recipient.
 * @param compile compiles a text under the name of its field
 */
export function compileHead(head: MailHead, compile: (field: string, text: HeadText) => LiquidText): CompiledHead {
  const one = (field: string, text: HeadText): Line => ({ field, text: compile(field, text), at: text.passage.at() });
  const list = (field: string, texts: readonly HeadText[]): Line[] =>
    texts.map((text, n) => one(`${field}.${n}`, text));
  const from = head.from && one('from', head.from);
  const replyTo = list('replyTo', head.replyTo);
  const cc = list('cc', head.cc);
  const headers = head.headers.map(([name, text]) => [name, one(`headers.${name}`, text)] as const);
  const path = head.attachments?.text;
  const files = head.attachments && one('attachments', { ...head.attachments, text: `{{ ${path ?? ''} }}` });
  const lines = [
    ...(from ? [from] : []),
    ...replyTo,
    ...cc,
    ...headers.map(([, line]) => line),
    ...(files ? [files] : []),
  ];
  return {
    fields: Object.fromEntries(lines.map(({ field, text }) => [field, text])),
    render(context, allowance) {
      const problems: string[] = [];
      const addressOf = (line: Line): string[] => address(line, line.text.render(context, allowance), problems);
      const [sender] = from ? addressOf(from) : [];
      const [replies, copies] = [replyTo.flatMap(addressOf), cc.flatMap(addressOf)];
      const more = headers.flatMap(([name, line]) =>
        headerValue(line, line.text.render(context, allowance), problems).map((value) => [name, value] as const),
      );
      const attachments =
        files && path !== undefined ? attachmentsIn(valueAt(context, path), path, files.at, problems) : [];
      if (problems.length > 0) throw new TemplateError(problems);
      return {
        ...(sender !== undefined && { from: sender }),
        ...(replies.length > 0 && { replyTo: replies }),
        ...(copies.length > 0 && { cc: copies }),
        ...(more.length > 0 && { headers: Object.fromEntries(more) }),
        ...(attachments.length > 0 && { attachments }),
      };
    },
  };
}

/** A text of the head, with its name and its place. */
interface Line {
  readonly field: string;
  readonly text: LiquidText;
  readonly at: string;
}

/** The address that a text rendered to; none for an empty one. */
function address({ field, at }: Line, rendered: string, problems: string[]): string[] {
  const text = rendered.trim();
  if (text === '') return [];
  const found = CONTROL.test(text) ? [] : addressparser(text, { flatten: true });
  const [only] = found;
  if (found.length === 1 && only && emailAddress({ email: only.address }) === only.address) return [text];
  problems.push(`${at}: ${field}: must render to one address, such as Ada <ada@example.com>`);
  return [];
}

function headerValue({ field, at }: Line, rendered: string, problems: string[]): string[] {
  const value = rendered.trim();
  if (value === '') return [];
  if (!CONTROL.test(value) && Buffer.byteLength(value) <= MAX_HEADER_OCTETS) return [value];
  problems.push(`${at}: ${field}: must render to one line of at most ${MAX_HEADER_OCTETS} octets`);
  return [];
}

function valueAt(context: TemplateContext, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (within, key) =>
        typeof within === 'object' && within !== null ? getOwn(within as Record<string, unknown>, key) : undefined,
      context,
    );
}
