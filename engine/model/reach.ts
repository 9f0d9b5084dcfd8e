import type { JsonObject } from './json';
import { getOwn } from './own-property';
import { mailboxFlaw } from './mailbox';
import type { AddressKind, ChannelName } from './channels';

/** One address as people write it, in letters of any script. It covers less than RFC 5322, and no lists. */
const EMAIL = /^[^\s@"<>,;]{1,64}@[^\s@"<>,;]{1,255}$/u;
/** What copying leaves around an address: blanks, byte-order marks, and characters without width. */
const AROUND = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;
/** Blanks, control characters, and characters without width, except the joiners that some scripts need. */
const UNSEEN = /[\s\p{Cc}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

/** An address without what copying leaves around it. */
export function trimmedAddress(text: string): string {
  return text.replace(AROUND, '');
}

/**
 * The email address in a user's traits.
 * @returns null when the trait `email` is missing or is not an address
 */
export function emailAddress({ email }: JsonObject): string | null {
  if (typeof email !== 'string') return null;
  const address = trimmedAddress(email);
  return EMAIL.test(address) && !UNSEEN.test(address) && mailboxFlaw(address) === null ? address : null;
}

/** The channels that can reach a user with these traits. In-app messages reach everybody. */
export function reachableBy(traits: JsonObject, hasPushSubscription: boolean): ChannelName[] {
  const email = emailAddress(traits) === null ? [] : (['email'] as const);
  return [...email, ...(hasPushSubscription ? ['webPush' as const] : []), 'inApp'];
}

/** Whether the channel of a team's own reaches a user with these traits. The store knows whom the channels that ship reach. */
export function isReachedBy(address: AddressKind, traits: JsonObject): boolean {
  if (address.by === 'id') return true;
  if (address.by !== 'trait') return false;
  const value = getOwn(traits, address.trait);
  return typeof value === 'string' && value.trim() !== '';
}

/** The reason for people why a channel does not reach a user: there is no address, or what is wrong with the one there is. */
export function unreachableReason(traits: JsonObject, channel: ChannelName): string {
  const flaw = channel === 'email' ? emailFlaw(traits) : null;
  return flaw === null ? 'no address' : `unreadable address: ${flaw}`;
}

/**
 * What is wrong with the trait `email`, in words that do not repeat it.
 * @returns null when there is none, or nothing is wrong with it
 */
export function emailFlaw(traits: JsonObject): string | null {
  const { email = null } = traits;
  if (email === null || email === '' || emailAddress(traits) !== null) return null;
  if (typeof email !== 'string') return 'not text';
  const address = trimmedAddress(email);
  if (address === '') return null;
  if (/[,;]/.test(address)) return 'more than one address';
  if (/[<>"]/.test(address)) return 'a name or quotes beside the address';
  if (UNSEEN.test(address)) return 'a space or an invisible character inside';
  const parts = address.split('@');
  if (parts.length !== 2) return parts.length === 1 ? 'no @' : 'more than one @';
  return parts.includes('') ? 'nothing before or after the @' : (mailboxFlaw(address) ?? 'too long');
}
