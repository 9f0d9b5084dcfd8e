import { CHANNELS, builtInChannel, type AddressKind } from '../engine/model/channels';

/** The trait that an address of this kind stands in; null when no trait of every team does. */
function traitOf({ by }: AddressKind): string | null {
  return by === 'email' || by === 'phone' ? by : null;
}

/** The trait that holds a person's address on a channel that ships, for channels whose addresses can be suppressed. */
export const ADDRESS_TRAITS: Readonly<Record<string, string>> = Object.fromEntries(
  CHANNELS.flatMap((channel) => {
    const trait = traitOf(builtInChannel(channel).address);
    return trait === null ? [] : [[channel, trait]];
  }),
);

/** The channels that ship and whose addresses can be suppressed. `channelsByTrait` tells those of the team's own. */
export const CHANNELS_WITH_ADDRESSES: readonly string[] = Object.keys(ADDRESS_TRAITS);
