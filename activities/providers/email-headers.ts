import type { OutgoingEmail } from './email-api';

/** What makes the headers of an email. */
export interface Sender {
  /** The sender: an address, or a name and an address. A template may name another. */
  readonly from: string;
  /** The host that the Message-ID names. */
  readonly hostname: string;
}

/** The sender of an email: the template's, or the configured one. */
export function fromOf({ content }: OutgoingEmail, { from }: Sender): string {
  return content.from ?? from;
}

/** The Message-ID, made of the message's id, so that a server or mail program can drop a duplicate. */
export function messageIdOf({ id }: OutgoingEmail, { hostname }: Sender): string {
  return `<${id}@${hostname}>`;
}

/**
 * The headers of an email, without those that every API has a field for: the journey, the one-click unsubscription (RFC 8058) of a
 * message that is not transactional, and those of the template.
 */
export function headersOf({ content, journey, transactional, links }: OutgoingEmail): Record<string, string> {
  return { 'X-Sojourn-Journey': journey, ...(transactional ? {} : oneClick(links.unsubscribe)), ...content.headers };
}

function oneClick(url: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}
