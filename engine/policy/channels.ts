import {
  builtInChannel,
  CHANNELS,
  isBuiltIn,
  OWN_CHANNEL_DEFAULTS,
  type ChannelName,
  type ChannelSpec,
} from '../model/channels';
import { toMs } from '../model/duration';
import type { OwnChannelLimits, Policy } from './define';
import { merged, type Cap } from './spans';

/** Adds what a team has said of its own channels to its policy. */
export function withChannels(policy: Policy, specs: readonly ChannelSpec[]): Policy {
  const own = specs.filter(({ name }) => !isBuiltIn(name));
  return own.length === 0
    ? policy
    : { ...policy, own: Object.fromEntries(own.map((spec) => [spec.name, limitsOf(spec)])) };
}

/** The channels that ship, and the team's own. */
export function channelsIn({ own = {} }: Pick<Policy, 'own'>): readonly ChannelName[] {
  return [...CHANNELS, ...Object.keys(own)];
}

/** The cap of a channel: what the policy says, or else the channel. */
export function capOf(policy: Pick<Policy, 'caps' | 'own'>, channel: ChannelName): Cap {
  const { cap } = ofChannel(policy, channel);
  const said = policy.caps[channel];
  return said ? merged(cap, said) : cap;
}

/** How long a message by this channel may be sent after its step is entered, milliseconds. */
export function expiryMsOf(policy: Policy, channel: ChannelName): number {
  return policy.expiryMs[channel] ?? ofChannel(policy, channel).expiryMs;
}

/** Whether messages of a channel can disturb somebody, so that quiet hours apply unless the policy says otherwise. */
export function disturbs(policy: Pick<Policy, 'own'>, channel: ChannelName): boolean {
  return ofChannel(policy, channel).quiet;
}

/** Whether hours or days that may name channels concern one. Without names they concern those that can disturb somebody. */
export function appliesTo(
  policy: Pick<Policy, 'own'>,
  { channels }: { readonly channels?: readonly ChannelName[] },
  channel: ChannelName,
): boolean {
  return channels ? channels.includes(channel) : disturbs(policy, channel);
}

/** Whether quiet hours apply to a channel. */
export function isQuiet(policy: Policy, channel: ChannelName): boolean {
  return policy.quietHours.some((hours) => appliesTo(policy, hours, channel));
}

/** Can the hour or the day be against a message on the channel? What users say in `doNotDisturb` is left out. */
export function mayBeHeld(policy: Policy, channel: ChannelName): boolean {
  const { quietHours, sendWindows = [], holidays } = policy;
  const limits = [...quietHours, ...sendWindows, ...(holidays ? [holidays] : [])];
  return limits.some((limit) => appliesTo(policy, limit, channel));
}

/**
 * Whether the messages of a channel go to the person. Consent, caps and quiet hours do not concern those that go to a system or to
 * colleagues.
 */
export function reachesPerson(policy: Pick<Policy, 'own'>, channel: ChannelName): boolean {
  return ofChannel(policy, channel).toPerson;
}

function ofChannel({ own }: Pick<Policy, 'own'>, channel: ChannelName): OwnChannelLimits {
  return BUILT_IN.get(channel) ?? own?.[channel] ?? UNKNOWN;
}

function limitsOf({ cap, expiry, quiet, toPerson }: Omit<ChannelSpec, 'name' | 'label' | 'address'>): OwnChannelLimits {
  return { cap, expiryMs: toMs(expiry), quiet, toPerson };
}

const BUILT_IN = new Map<string, OwnChannelLimits>(CHANNELS.map((name) => [name, limitsOf(builtInChannel(name))]));
const UNKNOWN = limitsOf(OWN_CHANNEL_DEFAULTS);
