import type { JsonObject } from '../model/json';
import type { ChannelName, Reach, SentRecord } from '../model/state';
import { zoneOf } from '../model/zone';
import { decide, type Verdict } from './decide';
import type { Policy } from './define';

/** A message that was decided to be sent, but was held back, and its user as they are now. Times are epoch milliseconds. */
export interface HeldBack {
  readonly channel: ChannelName;
  readonly transactional: boolean;
  readonly decidedAt: number;
  readonly expiresAt: number;
  readonly traits: JsonObject;
  readonly reach: Reach;
  /** What the user was sent, this message included. */
  readonly sent: readonly SentRecord[];
}

/** Decides a message again that was held back after its decision. Its own place under the caps counts for nobody else than itself. */
export function decideAgain(policy: Policy, held: HeldBack, now: number): Verdict {
  const { channel, transactional, decidedAt, expiresAt, traits, reach, sent } = held;
  const own = sent.findIndex((one) => one.channel === channel && one.at === decidedAt);
  return decide(policy, {
    channels: [channel],
    transactional,
    expiresAt,
    addressBy: now,
    reach,
    zone: zoneOf(traits),
    sent: sent.filter((_, index) => index !== own),
    ifCapped: 'hold',
    now,
  });
}
