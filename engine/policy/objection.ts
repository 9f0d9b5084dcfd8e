import { leftTopic } from '../model/preferences';
import type { ChannelName, Reach } from '../model/state';
import type { TopicOfMessage } from '../model/topic-answer';
import type { Candidate } from './candidate';

/** Why a user must not get a message on a channel. `reason` is for people. */
export interface Objection {
  readonly cause: 'undeliverable' | 'consent';
  readonly reason: string;
}

/** What the objections are made from. */
export type ReachedBy = Pick<Reach, 'consent' | 'suppressed' | 'topics'>;

export const BOUNCED = 'bounced address';
export const COMPLAINED = 'reported as spam';
export const NO_CONSENT = 'no consent';
export const NO_CONSENT_FOR_ADDRESS = 'no consent for this address';

/**
 * What stands against a message on a channel, whatever the caps and the time. It holds up to the moment at which the message is
 * handed to the provider. An address that bounced, or whose holder reported spam, gets nothing. An opt-out, of this user or of the address, stops every message but
 * transactional ones, and so does somebody who has left the topic of the message.
 * @returns null when nothing stands against it
 */
export function objectionTo(
  reach: ReachedBy,
  channel: ChannelName,
  { transactional, topic }: Pick<Candidate, 'transactional' | 'topic'>,
): Objection | null {
  const always = undeliverable(reach, channel);
  if (always || transactional) return always;
  return optOut(reach, channel) ?? (topic ? outOfTopic(reach, topic, channel) : null);
}

/** The user does not get the topic by this channel. Null when they do. */
export function outOfTopic({ topics }: ReachedBy, topic: TopicOfMessage, channel: ChannelName): Objection | null {
  const reason = leftTopic(topics, topic, channel);
  return reason === null ? null : { cause: 'consent', reason };
}

/** Messages to the address came back for good, or its holder reported one as spam. Null when neither happened. */
export function undeliverable({ suppressed = {} }: ReachedBy, channel: ChannelName): Objection | null {
  const known = suppressed[channel] ?? [];
  if (known.includes('bounced')) return { cause: 'undeliverable', reason: BOUNCED };
  return known.includes('complained') ? { cause: 'undeliverable', reason: COMPLAINED } : null;
}

/** The user, or another holder of the address, opted out. Null when neither did. */
export function optOut({ consent, suppressed = {} }: ReachedBy, channel: ChannelName): Objection | null {
  if (consent[channel] === false) return { cause: 'consent', reason: NO_CONSENT };
  return suppressed[channel]?.includes('opted out') ? { cause: 'consent', reason: NO_CONSENT_FOR_ADDRESS } : null;
}
