import type { JsonObject } from './json';
import { mailboxFlaw } from './mailbox';
import type { ChannelName } from './state';

/** One address as people write it, in letters of any script. It covers less than RFC 5322, and no lists. */
const EMAIL = /^[^\s@"<>,;]{1,64}@[^\s@"<>,;]{1,255}$/u;

/**
 * The email address in a user's traits.
 * @returns null when the trait `email` is missing or is not an address
 */
export function emailAddress({ email }: JsonObject): string | null {
  return typeof email === 'string' && EMAIL.test(email) && mailboxFlaw(email) === null ? email : null;
}

/** The channels that can reach a user with these traits. In-app messages reach everybody. */
export function reachableBy(traits: JsonObject, hasPushSubscription: boolean): ChannelName[] {
  const email = emailAddress(traits) === null ? [] : (['email'] as const);
  return [...email, ...(hasPushSubscription ? ['webPush' as const] : []), 'inApp'];
}
