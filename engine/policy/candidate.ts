import type { ChannelName, Reach, SentRecord } from '../model/state';
import type { TopicOfMessage } from '../model/topic-answer';

/** A message to be decided, and what is known about its user. Times are epoch milliseconds. */
export interface Candidate {
  readonly channels: readonly ChannelName[];
  readonly transactional: boolean;
  /** The topic of the message. Absent if it has none. */
  readonly topic?: TopicOfMessage | undefined;
  readonly expiresAt: number;
  /** Until when a missing address may still arrive. */
  readonly addressBy: number;
  readonly reach: Reach;
  /** The reason for people why a channel that is not reachable is not. Default: `no address`. */
  readonly unreachable?: (channel: ChannelName) => string;
  readonly zone: string;
  readonly sent: readonly SentRecord[];
  /** What becomes of the message if caps leave it no channel. Default: `suppress`. */
  readonly ifCapped?: 'hold' | 'suppress' | undefined;
  readonly now: number;
}
