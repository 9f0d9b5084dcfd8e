import type { ChannelName, Reach } from '../model/state';
import type { TopicOfMessage } from '../model/topic-answer';
import type { OtherMessages } from './caps';
import type { IfCapped } from './if-capped';
import type { PersonalFacts } from './person';

/** A message to be decided, and what is known about its user. Times are epoch milliseconds. */
export interface Candidate extends OtherMessages, Partial<Omit<PersonalFacts, 'zone'>> {
  readonly channels: readonly ChannelName[];
  readonly transactional: boolean;
  /** The id of its journey. */
  readonly journey?: string;
  /** The topic of the message. Absent if it has none. */
  readonly topic?: TopicOfMessage | undefined;
  readonly expiresAt: number;
  /** Until when a missing address may still arrive. */
  readonly addressBy: number;
  readonly reach: Reach;
  /** The reason for people why a channel that is not reachable is not. Default: `no address`. */
  readonly unreachable?: (channel: ChannelName) => string;
  /** What becomes of the message if a cap keeps it from a channel. Default: `next channel`. */
  readonly ifCapped?: IfCapped | undefined;
  readonly now: number;
}
