import { addressTrait, CHANNELS } from '../engine/model/channels';

/** The trait that holds a person's address on a channel that ships, for channels whose addresses can be suppressed. */
export const ADDRESS_TRAITS: Readonly<Record<string, string>> = Object.fromEntries(
  CHANNELS.flatMap((channel) => {
    const trait = addressTrait(channel);
    return trait === null ? [] : [[channel, trait]];
  }),
);

/** The channels that ship and whose addresses can be suppressed. `channelsByTrait` tells those of the team's own. */
export const CHANNELS_WITH_ADDRESSES: readonly string[] = Object.keys(ADDRESS_TRAITS);
