import type { ChannelName, Reach, SentRecord } from '../model/state';

/** A message to be decided, and what is known about its user. Times are epoch milliseconds. */
export interface Candidate {
  readonly channels: readonly ChannelName[];
  readonly transactional: boolean;
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
