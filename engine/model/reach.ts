import { builtInChannel, CHANNELS, isBuiltIn, type AddressKind, type ChannelName, type ChannelSpec } from './channels';
import type { JsonObject } from './json';
import { getOwn } from './own-property';
import { mailboxFlaw } from './mailbox';
import { phoneFlaw, phoneNumber } from './phone';
import type { Reach } from './state';

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

/** Whether a text can be somebody's address on a channel. Phone numbers count as people write them, in any country. */
export function canBeAddress(channel: ChannelName, text: string): boolean {
  return channel === 'email' ? emailAddress({ email: text }) !== null : text.trim() !== '';
}

/** The channels that reach a person by the trait `phone`. */
const BY_PHONE = CHANNELS.filter(isByPhone);

function isByPhone(channel: ChannelName): boolean {
  return isBuiltIn(channel) && builtInChannel(channel).address.by === 'phone';
}

/**
 * The channels that can reach a user with these traits. In-app messages reach everybody.
 * @param hasDevice whether an app has registered one of their devices
 */
export function reachableBy(traits: JsonObject, hasPushSubscription: boolean, hasDevice = false): ChannelName[] {
  const email = emailAddress(traits) === null ? [] : (['email'] as const);
  const push = [...(hasPushSubscription ? ['webPush'] : []), ...(hasDevice ? ['push'] : [])];
  const byPhone = phoneNumber(traits) === null ? [] : BY_PHONE;
  return [...email, ...push, 'inApp', ...byPhone];
}

/** The channels whose messages go to a system or a chat of the company's, and so can be sent about everybody. */
const OF_COMPANY = CHANNELS.map(builtInChannel).filter(({ toPerson }) => !toPerson);

/**
 * Adds the channels that the store does not know of: those of the company, and those of a team's own that reach the user, by a trait or
 * everybody.
 * @param reach as the store has it
 */
export function completeReach(reach: Reach, traits: JsonObject, ofTeam: readonly ChannelSpec[] = []): Reach {
  const further = [...OF_COMPANY, ...ofTeam].filter(
    ({ name, address }) => !reach.reachable.includes(name) && isReachedBy(address, traits),
  );
  return { ...reach, reachable: [...reach.reachable, ...further.map(({ name }) => name)] };
}

function isReachedBy(address: AddressKind, traits: JsonObject): boolean {
  if (address.by === 'id') return true;
  if (address.by !== 'trait') return false;
  const value = getOwn(traits, address.trait);
  return typeof value === 'string' && value.trim() !== '';
}

/** The reason for people why a channel does not reach a user: there is no address, or what is wrong with the one there is. */
export function unreachableReason(traits: JsonObject, channel: ChannelName): string {
  const flaw = channel === 'email' ? emailFlaw(traits) : isByPhone(channel) ? phoneFlaw(traits) : null;
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
