import type { ChannelSpec } from '../model/channels';
import type { ChannelName } from '../model/state';
import { toRateLimit, type Rate, type RateLimit } from '../model/rate';
import type { OwnDeliver } from './own-channel';
import type { ProviderUse } from './provider-use';

/** How a channel sends. */
export interface ChannelOptions<Channel extends string> {
  /** The most messages in any such span of real time, over all workers: `'14/second'`. Default: no limit. */
  readonly rate?: Rate;
  /** The providers that take its messages. At least one. */
  readonly providers: readonly ProviderUse<Channel>[];
}

/** What the file of a channel says. */
export interface ChannelSetup<Channel extends string = ChannelName> {
  readonly kind: 'channel';
  readonly channel: Channel;
  readonly rate: RateLimit | null;
  readonly providers: readonly ProviderUse<Channel>[];
  /** A channel of the team's own: what it is, the environment variables that it needs, and its code. Absent for channels that ship. */
  readonly own?: { readonly spec: ChannelSpec; readonly env: readonly string[]; readonly deliver: OwnDeliver };
}

/** How emails are sent: the default export of `channels/email.ts`. */
export const email = setupOf('email');

/**
 * How web pushes are sent: the default export of `channels/webPush.ts`. Browsers name the service that takes their messages, so there
 * are no providers to choose.
 */
export function webPush({ rate }: Pick<ChannelOptions<'webPush'>, 'rate'>): ChannelSetup<'webPush'> {
  return { kind: 'channel', channel: 'webPush', rate: rate === undefined ? null : toRateLimit(rate), providers: [] };
}

function setupOf<Channel extends ChannelName>(
  channel: Channel,
): (options: ChannelOptions<Channel>) => ChannelSetup<Channel> {
  return ({ rate, providers }) => {
    if (providers.length === 0) throw new TypeError(`${channel}: expected at least one provider`);
    const names = providers.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined)
      throw new TypeError(`${channel}: two providers have the name '${twice}'. Give one of them another name.`);
    if (providers.every(({ weight }) => weight === 0))
      throw new TypeError(`${channel}: at least one provider needs a weight above 0`);
    return { kind: 'channel', channel, rate: rate === undefined ? null : toRateLimit(rate), providers };
  };
}
