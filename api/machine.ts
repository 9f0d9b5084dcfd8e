import type { Request } from 'express';
import type { MachineSign } from '../engine/model/message-receipt';
import type { VisitedMessage } from '../store/link-visits';

/**
 * What machines call themselves that load pictures and links of mails before a person does: scanners, previews and libraries. Proxies
 * that load a picture when a person opens the mail, such as Gmail's, are none of them.
 */
const MACHINES =
  /bot\b|bot\/|crawl|spider|scan|preview|barracuda|mimecast|proofpoint|safelinks|symantec|trend ?micro|fireeye|headless|curl|wget|python|java\/|okhttp|go-http|node-fetch|axios/i;

/** Apple's Mail Privacy Protection loads all pictures of a mail when it arrives, under this name. */
const APPLE_PROXY = 'Mozilla/5.0';

/** A link that is followed so soon after its mail went out was followed by a scanner at the door. Real milliseconds. */
const SOON_MS = 5_000;
/** Two links of one mail that are followed within this time were followed by a scanner. Real milliseconds. */
const BURST_MS = 1_000;

/** Whether a browser's name is one of a machine, such as a provider reports it with an open or a click. */
export function isMachineAgent(agent: string): boolean {
  return agent.trim() === APPLE_PROXY || MACHINES.test(agent);
}

/**
 * Whether a picture or link of a mail was most likely loaded by a machine: it asks for no content (HEAD), says that it loads ahead
 * (`Purpose: prefetch`), calls itself a machine or nothing at all, or is the proxy of Apple's Mail Privacy Protection.
 */
export function isMachine({ method, headers }: Pick<Request, 'method' | 'headers'>): boolean {
  const agent = headers['user-agent']?.trim() ?? '';
  const purpose = [headers['purpose'], headers['sec-purpose'], headers['x-moz']].join(' ');
  return method === 'HEAD' || /prefetch|preview/i.test(purpose) || agent === '' || isMachineAgent(agent);
}

/**
 * By what time tells that a machine followed a link, although its request looks like a person's: it came within moments of the mail,
 * or of another link of it.
 * @param at when, epoch milliseconds of the journey clock
 * @param speed milliseconds of the journey clock in a real one
 */
export function timingOfMachine(
  { sentAt, deliveredAt, otherLinkAt }: VisitedMessage,
  at: number,
  speed: number,
): MachineSign | null {
  // A mail can be read before we have recorded that it went out, but not by a person.
  const arrived = sentAt === null ? at : Math.max(sentAt, deliveredAt ?? sentAt);
  if (at - arrived < SOON_MS * speed) return 'soon';
  return otherLinkAt !== null && at - otherLinkAt < BURST_MS * speed ? 'many links' : null;
}
