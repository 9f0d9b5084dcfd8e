import { addressTrait, CHANNELS } from '../engine/model/channels';

/** The trait that holds a person's address on a channel, for channels whose addresses can be suppressed. */
export const ADDRESS_TRAITS: Readonly<Record<string, string>> = Object.fromEntries(
  CHANNELS.flatMap((channel) => {
    const trait = addressTrait(channel);
    return trait === null ? [] : [[channel, trait]];
  }),
);

/** The channels whose addresses can be suppressed. */
export const CHANNELS_WITH_ADDRESSES = Object.keys(ADDRESS_TRAITS) as [string, ...string[]];
