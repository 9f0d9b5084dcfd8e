import type { ChannelName, Hold, Obstacle, SuppressCause } from '../model/state';
import type { Candidate } from './candidate';
import type { Policy } from './define';

/** What a rule says of a message on one channel. `fact` and `reason` are for people, without personal data. */
export type Finding =
  | { readonly says: 'pass'; readonly fact?: string }
  | Refusal
  | {
      readonly says: 'hold';
      readonly hold: Hold;
      /** When the rule lets the message through, epoch milliseconds; infinite for never. */
      readonly until: number;
      readonly reason: string;
      /** What becomes of a message that expires before. */
      readonly tooLate: { readonly cause: SuppressCause; readonly reason: string };
    };

/** The channel can't be taken. The next listed one is tried. */
export interface Refusal {
  readonly says: 'refuse';
  readonly obstacle: Obstacle;
  readonly reason: string;
  /** If the obstacle passes by itself: when, epoch milliseconds; null for never. */
  readonly roomAt?: number | null;
}

/** A message whose suppression is foreseen. */
export type Foreseen = Pick<Candidate, 'transactional' | 'journey' | 'topic'>;

/** One question that the policy asks about a message on a channel. */
export interface Rule {
  /** It shows on the timeline. */
  readonly name: string;
  /** Transactional messages are asked, too. */
  readonly transactional: boolean;
  /** It is asked, too, about channels whose messages do not go to the person. */
  readonly toOthers?: true;
  /** It asks about the hour alone. So it can be asked about a later one: a message is held until no such rule holds it. */
  readonly byTime?: true;
  /** Whether the policy has anything to ask about such a message on the channel. Default: always. */
  concerns?(policy: Policy, channel: ChannelName, message: Foreseen): boolean;
  ask(policy: Policy, candidate: Candidate, channel: ChannelName): Finding;
  /** Every reason for which the rule can suppress such a message on the channel. */
  reasons(policy: Policy, channel: ChannelName, message: Foreseen): readonly string[];
}

/** A rule that was asked, and what it said. */
export interface Asked {
  readonly rule: string;
  readonly channel: ChannelName;
  readonly finding: Finding;
}

/** The rule has nothing against the message. */
export const PASS = { says: 'pass' } as const;
