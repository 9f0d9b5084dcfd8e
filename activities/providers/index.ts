import { readProviderSettings, type ProviderSettings, type Sending } from '../../config/channel-setups';
import type { JsonObject } from '../../engine/model/json';
import type { ProviderUse } from '../../engine/authoring/provider-use';
import { getOwn } from '../../engine/model/own-property';
import type { ChannelName } from '../../engine/model/state';
import type { ContentOf, Contents } from '../templates/load';
import { apns } from './apns';
import type { DeviceMessage } from './device-message';
import { fcm } from './fcm';
import { guarded } from './guarded';
import { mailbox } from './mailbox';
import { ownProvider } from './own';
import type { Provider, SharedProvider } from './provider';
import { slackChannel } from './slack';
import { smtp } from './smtp';
import { teamsChannel } from './teams';
import { webhook } from './webhook';

/** What all providers of an installation share. */
export interface ProviderParts extends Sending {
  /** The host of our public URL. */
  readonly hostname: string;
  readonly publicUrl: string;
  /**
   * A mail server of this machine, which gets the messages of a channel as mails if none of its providers has its settings. Null where
   * messages are for people: then a missing setting is an error.
   */
  readonly mailboxUrl: string | null;
}

/** Makes a provider of its settings. */
type Factory<Content> = (
  settings: ProviderSettings,
  parts: ProviderParts & { readonly name: string },
) => Provider<Content>;

/** The providers of each channel, by type: the one that `providerType` declares in `engine/authoring/providers.ts`. */
const FACTORIES = {
  email: {
    smtp: (settings, { hostname, name }) =>
      smtp({ name, url: settings.text('url'), from: settings.text('from'), hostname }),
  },
  push: {
    fcm: (settings, { name }) =>
      fcm({ name, serviceAccount: settings.text('serviceAccount'), url: settings.text('url') }),
    apns: (settings, { name }) =>
      apns({
        name,
        key: settings.text('key'),
        keyId: settings.text('keyId'),
        teamId: settings.text('teamId'),
        topic: settings.text('topic'),
        sandbox: settings.text('environment') === 'sandbox',
      }),
  },
  webhook: {
    endpoint: (settings, { name, publicUrl }) => {
      const former = settings.optional('formerSecret');
      return webhook({
        name,
        publicUrl,
        url: settings.text('url'),
        secrets: [settings.text('secret'), ...(former === null ? [] : [former])],
        isPrivate: settings.text('network') === 'private',
      });
    },
  },
  slack: { slackChannel: (settings, { name }) => slackChannel({ name, url: settings.text('url') }) },
  teams: { teamsChannel: (settings, { name }) => teamsChannel({ name, url: settings.text('url') }) },
} satisfies { readonly [Channel in keyof Contents]?: Readonly<Record<string, Factory<Handed<Channel>>>> };

/** What the providers of a channel get: what its templates render to, and for push also the device. */
type Handed<Channel extends ChannelName> = (Channel extends 'push' ? DeviceMessage : ContentOf<Channel>) & object;

/**
 * Makes the providers of a channel, guarded and with their weights.
 * @param type leaves out those of other types. Default: all
 * @throws {Error} when the setup names a type that the channel does not have, or a setting is missing
 */
export function providersOf<Channel extends ChannelName>(
  channel: Channel,
  parts: ProviderParts,
  type?: string,
): readonly SharedProvider<Handed<Channel>>[] {
  const uses = usesOf(channel, parts).filter((use) => type === undefined || use.type === type);
  const made = uses.flatMap((use) => providerOf(channel, use, parts) ?? []);
  if (made.length > 0 || parts.mailboxUrl === null) return made;
  return [guarded(mailbox({ url: parts.mailboxUrl, channel }), { channel, weight: 1 })];
}

/**
 * Makes the providers of a channel whose templates choose one by its name. Where one lacks its settings, the mailbox of this machine
 * has its name.
 * @throws {Error} as `providersOf`
 */
export function targetsOf<Channel extends ChannelName>(
  channel: Channel,
  parts: ProviderParts,
): readonly SharedProvider<Handed<Channel>>[] {
  const { mailboxUrl: url } = parts;
  return usesOf(channel, parts).flatMap((use) => {
    const { name, weight } = use;
    const shown = url === null ? [] : guarded(mailbox({ url, channel, name }), { channel, weight });
    return providerOf(channel, use, parts) ?? shown;
  });
}

/** What makes the provider of a team's own channel; null for other channels. */
function ownFactory(channel: ChannelName, { setups }: ProviderParts): Factory<JsonObject> | null {
  const own = setups.find((setup) => setup.channel === channel)?.own;
  return own ? (settings, { name }) => ownProvider(name, own.send, settings.all()) : null;
}

function usesOf(channel: ChannelName, { setups }: ProviderParts): readonly ProviderUse[] {
  return setups.find((setup) => setup.channel === channel)?.providers ?? [];
}

/** Makes a provider; null when it lacks settings and the mailbox stands for it. */
function providerOf<Channel extends ChannelName>(
  channel: Channel,
  use: ProviderUse,
  parts: ProviderParts,
): SharedProvider<Handed<Channel>> | null {
  const { settings, missing } = readProviderSettings(use, parts.environment);
  if (missing.length > 0 && parts.mailboxUrl !== null) return null;
  const factories: Readonly<Record<string, Factory<never>>> = Object.hasOwn(FACTORIES, channel)
    ? FACTORIES[channel as keyof typeof FACTORIES]
    : {};
  // A channel's factories make providers of its content.
  const factory = (ownFactory(channel, parts) ?? getOwn(factories, use.type)) as Factory<Handed<Channel>> | undefined;
  if (!factory) throw new Error(`The channel ${channel} has no provider '${use.type}'.`);
  if (missing.length > 0) throw new Error(`${missing.join(' and ')} must be set, for the provider ${use.name}.`);
  return guarded(factory(settings, { ...parts, name: use.name }), { channel, weight: use.weight });
}
