import { builtInChannel, isBuiltIn, OWN_CHANNEL_DEFAULTS, type ChannelName, type ChannelSpec } from '../model/channels';
import { toMs } from '../model/duration';
import type { Cap, OwnChannelLimits, Policy } from './define';

/** Adds what a team has said of its own channels to its policy. */
export function withChannels(policy: Policy, specs: readonly ChannelSpec[]): Policy {
  const own = specs.filter(({ name }) => !isBuiltIn(name));
  return own.length === 0
    ? policy
    : { ...policy, own: Object.fromEntries(own.map((spec) => [spec.name, limitsOf(spec)])) };
}

/** The cap of a channel: what the policy says, or else the channel. */
export function capOf(policy: Pick<Policy, 'caps' | 'own'>, channel: ChannelName): Cap {
  return policy.caps[channel] ?? ofChannel(policy, channel).cap;
}

/** How long a message by this channel may be sent after its step is entered, milliseconds. */
export function expiryMsOf(policy: Policy, channel: ChannelName): number {
  return policy.expiryMs[channel] ?? ofChannel(policy, channel).expiryMs;
}

/** Whether quiet hours apply to a channel. */
export function isQuiet(policy: Policy, channel: ChannelName): boolean {
  const { quietHours } = policy;
  return quietHours !== null && (quietHours.channels?.includes(channel) ?? ofChannel(policy, channel).quiet);
}

/**
 * Whether the messages of a channel go to the person. Consent, caps and quiet hours do not concern those that go to a system or to
 * colleagues.
 */
export function reachesPerson(policy: Policy, channel: ChannelName): boolean {
  return ofChannel(policy, channel).toPerson;
}

function ofChannel({ own }: Pick<Policy, 'own'>, channel: ChannelName): OwnChannelLimits {
  return isBuiltIn(channel) ? limitsOf(builtInChannel(channel)) : (own?.[channel] ?? UNKNOWN);
}

function limitsOf({ cap, expiry, quiet, toPerson }: Omit<ChannelSpec, 'name' | 'label' | 'address'>): OwnChannelLimits {
  return { cap, expiryMs: toMs(expiry), quiet, toPerson };
}

const UNKNOWN = limitsOf(OWN_CHANNEL_DEFAULTS);
