/** Octets before the @, in the form that is transmitted (RFC 5321 4.5.3.1.1). */
const MAX_LOCAL_OCTETS = 64;
/** Octets of the whole address: a path has 256, two of which are the brackets (RFC 5321 4.5.3.1.3). */
const MAX_OCTETS = 254;
/** Octets of a part of a domain name (RFC 1035 2.3.4). */
const MAX_LABEL_OCTETS = 63;
/** Letters of any script, digits, and what joins them. The underscore is in names that are in use. */
const DOMAIN = /^[\p{L}\p{N}\p{M}_-]+(?:\.[\p{L}\p{N}\p{M}_-]+)*$/u;

/**
 * What keeps every mail server from taking a mail to an address, in words that do not repeat it.
 * @param address text with one @
 * @returns null when nothing does
 */
export function mailboxFlaw(address: string): string | null {
  const [local = '', domain = ''] = address.split('@');
  const name = asciiName(domain);
  if (name === null) return 'no domain name after the @';
  if (octets(local) > MAX_LOCAL_OCTETS || octets(local) + 1 + name.length > MAX_OCTETS) return 'too long';
  return null;
}

/** A domain name as DNS knows it, with `xn--` in place of other scripts; null when it is none. */
function asciiName(domain: string): string | null {
  if (!DOMAIN.test(domain) || !URL.canParse(`http://${domain}`)) return null;
  const { hostname } = new URL(`http://${domain}`);
  // The parser reads numbers as an address.
  if (/^[\d.]+$/.test(hostname)) return null;
  return hostname.split('.').every((label) => label.length <= MAX_LABEL_OCTETS) ? hostname : null;
}

function octets(text: string): number {
  return new TextEncoder().encode(text).length;
}
