import type { JsonObject } from './json';
import type { ChannelName } from './state';

/** One address as people write them, letters of any script included; not the whole of RFC 5322, and no list of several. */
const EMAIL = /^[^\s@"<>,;]{1,64}@[^\s@"<>,;]{1,255}$/u;

/** The email address a person with these traits has; null when there is none, or what there is can't be one. */
export function emailAddress({ email }: JsonObject): string | null {
  return typeof email === 'string' && EMAIL.test(email) ? email : null;
}

/** The channels by which a person with these traits can be reached; the app itself always can. */
export function reachableBy(traits: JsonObject, hasPushSubscription: boolean): ChannelName[] {
  const email = emailAddress(traits) === null ? [] : (['email'] as const);
  return [...email, ...(hasPushSubscription ? ['webPush' as const] : []), 'inApp'];
}
