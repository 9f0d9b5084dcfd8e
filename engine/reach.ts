import type { JsonObject } from './json';
import type { ChannelName } from './state';

/** The channels by which a person with these traits can be reached; the app itself always can. */
export function reachableBy(traits: JsonObject, hasPushSubscription: boolean): ChannelName[] {
  const { email } = traits;
  const hasEmail = typeof email === 'string' && email.includes('@');
  return [...(hasEmail ? ['email' as const] : []), ...(hasPushSubscription ? ['webPush' as const] : []), 'inApp'];
}
