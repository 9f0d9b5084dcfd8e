import { z } from 'zod';
import { noChannel } from '../model/channel-name';
import { CHANNEL_NAME, CHANNELS, type ChannelName, type ChannelSpec } from '../model/channels';
import { personalChannels } from '../model/consent';
import type { Mistake, Path } from './json-fields';

/** The most channels that a message may list. No team has as many. */
export const MOST_CHANNELS = 50;

/** The schema of a channel of data that is checked beside the definitions. They tell best what is wrong with a name, so it takes any. */
export const givenChannel = z.string().max(40).meta({ pattern: CHANNEL_NAME.source, examples: CHANNELS }) as z.ZodType<
  ChannelName,
  ChannelName
>;

/** The channels that ship and a team's own, for descriptions. */
export const ANY_CHANNEL = `${CHANNELS.map((name) => `\`${name}\``).join(', ')}, or one of your own`;

/** A channel that a definition names, and its place. */
export interface NamedChannel {
  readonly name: ChannelName;
  readonly path: Path;
  /** What it is named for. People can be asked only about channels that reach them. */
  readonly use: 'message' | 'consent';
}

/**
 * A mistake for each channel that is not there.
 * @param own the channels of the team's own. Default: none
 */
export function unknownChannels(named: readonly NamedChannel[], own: readonly ChannelSpec[] = []): Mistake[] {
  const personal = personalChannels(own).map(({ name }) => name);
  return named.flatMap(({ name, path, use }) => {
    const message = use === 'consent' && !personal.includes(name) ? notPersonal(name, personal) : noChannel(name, own);
    return message === null ? [] : [{ path, message }];
  });
}

function notPersonal(name: string, personal: readonly ChannelName[]): string {
  return `There is no channel '${name}' that reaches people. There are ${personal.join(', ')}.`;
}
