import type { ChannelSpec } from '../model/channels';
import type { JsonObject } from '../model/json';
import { completeReach } from '../model/reach';
import type { ChannelName, Reach, SentRecord } from '../model/state';
import { topicOfMessage } from '../topics/everyone';
import type { Topics } from '../topics/topic';
import { decide, type Verdict } from './decide';
import type { Policy } from './define';
import { personalFacts } from './person';

/** A message that was decided to be sent, but was held back, and its user as they are now. Times are epoch milliseconds. */
export interface HeldBack {
  readonly channel: ChannelName;
  /** The id of its journey. */
  readonly journey: string;
  /** The name of its topic. Absent or null if it has none. */
  readonly topic?: string | null;
  readonly transactional: boolean;
  readonly decidedAt: number;
  readonly expiresAt: number;
  readonly traits: JsonObject;
  /** As the store has it. */
  readonly reach: Reach;
  /** What the user was sent, this message included. */
  readonly sent: readonly SentRecord[];
}

/** What a message is decided by. */
export interface Rules {
  readonly policy: Policy;
  readonly topics?: Topics | undefined;
  /** The team's own channels. */
  readonly channels?: readonly ChannelSpec[] | undefined;
}

/** Decides a message again that was held back after its decision. Its own place under the caps counts for nobody else than itself. */
export function decideAgain({ policy, topics, channels }: Rules, held: HeldBack, now: number): Verdict {
  const { channel, journey, topic = null, transactional, decidedAt, expiresAt, traits, reach, sent } = held;
  const own = sent.findIndex((one) => one.channel === channel && one.at === decidedAt);
  return decide(policy, {
    channels: [channel],
    journey,
    ...(topic !== null && { topic: topicOfMessage(topics, topic) }),
    transactional,
    expiresAt,
    addressBy: now,
    reach: completeReach(reach, traits, channels),
    ...personalFacts(policy, traits),
    sent: sent.filter((_, index) => index !== own),
    ifCapped: 'hold',
    now,
  });
}
