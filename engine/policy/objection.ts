import type { ChannelName, Reach } from '../model/state';

/** Why a user must not get a message on a channel. `reason` is for people. */
export interface Objection {
  readonly cause: 'undeliverable' | 'consent';
  readonly reason: string;
}

/** What the objections are made from. */
export type ReachedBy = Pick<Reach, 'consent' | 'suppressed'>;

export const BOUNCED = 'bounced address';
export const NO_CONSENT = 'no consent';
export const NO_CONSENT_FOR_ADDRESS = 'no consent for this address';

/**
 * What stands against a message on a channel, whatever the caps and the time. It holds up to the moment at which the message is
 * handed to the provider. An address that bounced gets nothing. An opt-out, of this user or of the address, stops every message but
 * transactional ones.
 * @returns null when nothing stands against it
 */
export function objectionTo(reach: ReachedBy, channel: ChannelName, transactional: boolean): Objection | null {
  return bounced(reach, channel) ?? (transactional ? null : optOut(reach, channel));
}

/** Messages to the address came back for good. Null when none did. */
export function bounced({ suppressed = {} }: ReachedBy, channel: ChannelName): Objection | null {
  return suppressed[channel]?.includes('bounced') ? { cause: 'undeliverable', reason: BOUNCED } : null;
}

/** The user, or another holder of the address, opted out. Null when neither did. */
export function optOut({ consent, suppressed = {} }: ReachedBy, channel: ChannelName): Objection | null {
  if (consent[channel] === false) return { cause: 'consent', reason: NO_CONSENT };
  return suppressed[channel]?.includes('opted out') ? { cause: 'consent', reason: NO_CONSENT_FOR_ADDRESS } : null;
}
