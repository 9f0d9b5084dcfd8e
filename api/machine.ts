import type { Request } from 'express';

/**
 * What machines call themselves that load pictures and links of mails before a person does: scanners, previews and libraries. Proxies
 * that load a picture when a person opens the mail, such as Gmail's, are none of them.
 */
const MACHINES =
  /bot\b|bot\/|crawl|spider|scan|preview|barracuda|mimecast|proofpoint|safelinks|symantec|trend ?micro|fireeye|headless|curl|wget|python|java\/|okhttp|go-http|node-fetch|axios/i;

/** Apple's Mail Privacy Protection loads all pictures of a mail when it arrives, under this name. */
const APPLE_PROXY = 'Mozilla/5.0';

/**
 * Whether a picture or link of a mail was most likely loaded by a machine: it asks for no content (HEAD), says that it loads ahead
 * (`Purpose: prefetch`), calls itself a machine or nothing at all, or is the proxy of Apple's Mail Privacy Protection.
 */
export function isMachine({ method, headers }: Pick<Request, 'method' | 'headers'>): boolean {
  const agent = headers['user-agent']?.trim() ?? '';
  const purpose = [headers['purpose'], headers['sec-purpose'], headers['x-moz']].join(' ');
  return (
    method === 'HEAD' ||
    /prefetch|preview/i.test(purpose) ||
    agent === '' ||
    agent === APPLE_PROXY ||
    MACHINES.test(agent)
  );
}
