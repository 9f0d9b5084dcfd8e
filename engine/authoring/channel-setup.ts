import type { ChannelName, ChannelSpec } from '../model/channels';
import type { SendOwn } from './own-message';
import { toRateLimit, type Rate, type RateLimit } from '../model/rate';
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
  /** Of `push`: which of a person's devices get a message. Absent for all. */
  readonly devices?: 'last seen';
  /** Of a channel of the team's own: what is said of it, and its code. */
  readonly own?: { readonly spec: ChannelSpec; readonly send: SendOwn };
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

/** How push messages to apps are sent: the default export of `channels/push.ts`. */
export function push({
  devices = 'all',
  ...options
}: ChannelOptions<'push'> & {
  /** Whether all of a person's devices get a message, or only the one on which the app was opened last. Default: all. */
  readonly devices?: 'all' | 'last seen';
}): ChannelSetup<'push'> {
  return { ...setupOf('push')(options), ...(devices === 'last seen' && { devices }) };
}

/** How SMS are sent: the default export of `channels/sms.ts`. */
export const sms = setupOf('sms');

/** How people are called: the default export of `channels/voice.ts`. */
export const voice = setupOf('voice');

/** How WhatsApp messages are sent: the default export of `channels/whatsApp.ts`. */
export const whatsApp = setupOf('whatsApp');

/** The endpoints that get webhooks: the default export of `channels/webhook.ts`. The first is for templates that name none. */
export const webhook = setupOf('webhook');

/** The channels of a Slack workspace: the default export of `channels/slack.ts`. The first is for templates that name none. */
export const slack = setupOf('slack');

/** The channels of Microsoft Teams: the default export of `channels/teams.ts`. The first is for templates that name none. */
export const teams = setupOf('teams');

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
