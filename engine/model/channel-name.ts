import { z } from 'zod';
import { CHANNEL_NAME, CHANNELS, channelSpecs, type ChannelName, type ChannelSpec } from './channels';

/** The schema of the name of a channel: one that ships, or one of a team's own. Only the definitions know which of those there are. */
export const channelName = z
  .string()
  .regex(CHANNEL_NAME, `must be the name of a channel: ${CHANNELS.join(', ')}, or one of your own`) as z.ZodType<
  ChannelName,
  ChannelName
>;

/**
 * Says that there is no such channel, which ones there are, and how a team adds one.
 * @param own the channels of the team's own
 * @returns null when there is such a channel
 */
export function noChannel(name: string, own: readonly ChannelSpec[] = []): string | null {
  const known = channelSpecs(own);
  if (known.has(name)) return null;
  const added = CHANNEL_NAME.test(name) ? ` A channel of your own is a file channels/${name}.ts.` : '';
  return `There is no channel '${name}'. There are ${[...known.keys()].join(', ')}.${added}`;
}
