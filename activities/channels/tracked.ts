import { signClick, signOpen } from '../../config/tracked-links';

/** What of the HTML of messages tells what people did with them. */
export interface Tracking {
  readonly opens: boolean;
  readonly clicks: boolean;
}

/** Signs links and names the host that they lead to. */
interface Signer {
  readonly publicUrl: string;
  readonly secret: string;
}

/** The address of a link, as MJML and Liquid write it. */
const LINK = /(<a\b[^>]*?\shref=")(https?:[^"]*)(")/gi;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&#38;': '&',
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
};

/**
 * Puts a picture into the HTML of a message that tells when it is opened, and lets its links tell when they are clicked. Links to our
 * own pages stay: they unsubscribe or answer, and tell that by themselves.
 */
export function tracked(html: string, messageId: string, { opens, clicks }: Tracking, signer: Signer): string {
  const withLinks = clicks ? withTrackedLinks(html, messageId, signer) : html;
  return opens ? withPicture(withLinks, messageId, signer) : withLinks;
}

function withTrackedLinks(html: string, messageId: string, { publicUrl, secret }: Signer): string {
  return html.replace(LINK, (whole: string, before: string, written: string, after: string) => {
    const url = written.replace(/&(?:amp|quot|lt|gt|#3[489]);/g, (entity) => ENTITIES[entity] ?? entity).trim();
    if (!URL.canParse(url) || isOwnPage(url, publicUrl)) return whole;
    return `${before}${publicUrl}/c/${signClick(secret, { messageId, url })}${after}`;
  });
}

/** Our pages for links of messages have a path that begins with one letter: `/u/`, `/a/`. */
function isOwnPage(url: string, publicUrl: string): boolean {
  return url.startsWith(`${publicUrl}/`) && /^[a-z]\//.test(url.slice(publicUrl.length + 1));
}

function withPicture(html: string, messageId: string, { publicUrl, secret }: Signer): string {
  const address = `${publicUrl}/o/${signOpen(secret, messageId)}`;
  const picture = `<img src="${address}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">`;
  const end = html.lastIndexOf('</body>');
  return end === -1 ? html + picture : html.slice(0, end) + picture + html.slice(end);
}
