/**
 * Returns the address if it may be followed or loaded, else nothing. Only http(s) addresses and paths are: one such as `javascript:` would run
 * code in the page.
 * @param url as the server sends it
 */
export function safeAddress(url: string | undefined): string | undefined {
  if (!url) return undefined;
  try {
    const { protocol, href } = new URL(url, location.href);
    return /^https?:$/.test(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
