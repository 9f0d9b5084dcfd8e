import { nextOpening } from '../../model/zone';
import { appliesTo } from '../channels';
import type { ChannelHours, Policy } from '../define';
import { holdUntil } from '../hold-until';
import { PASS, type Rule } from '../rule';
import type { ChannelName } from '../../model/state';

const TOO_LATE = 'expires before the next send window';

/** It is within a send window of the channel, in the user's zone. */
export const SEND_WINDOW: Rule = {
  name: 'send window',
  transactional: false,
  byTime: true,
  concerns: (policy, channel) => windowsOf(policy, channel).length > 0,
  ask(policy, { zone, now }, channel) {
    const opens = nextOpening(windowsOf(policy, channel), zone, now) ?? Infinity;
    return opens === now ? PASS : holdUntil(opens, 'outside the send window', TOO_LATE);
  },
  reasons: () => [TOO_LATE],
};

function windowsOf(policy: Policy, channel: ChannelName): readonly ChannelHours[] {
  return (policy.sendWindows ?? []).filter((hours) => appliesTo(policy, hours, channel));
}
