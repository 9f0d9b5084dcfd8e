import type { ChannelName } from '../model/state';
import type { Policy } from './define';
import type { Cap } from './spans';

/** The cap of a channel. */
export function capOf({ caps }: Pick<Policy, 'caps'>, channel: ChannelName): Cap {
  return caps[channel];
}

/** Whether messages of a channel can disturb somebody, so that quiet hours apply unless the policy says otherwise. */
export function disturbs(channel: ChannelName): boolean {
  return channel !== 'inApp';
}

/** Whether a limit that may name channels applies to one. Without names it applies to those that can disturb somebody. */
export function appliesTo({ channels }: { readonly channels?: readonly ChannelName[] }, channel: ChannelName): boolean {
  return channels ? channels.includes(channel) : disturbs(channel);
}
