import { ConfigError } from '../../config/env';
import { readProviderSettings } from '../../config/channel-setups';
import type { JsonObject } from '../../engine/model/json';
import { BY_USER_ID } from '../../engine/authoring/providers';
import type { ProviderUse } from '../../engine/authoring/provider-use';
import { getOwn } from '../../engine/model/own-property';
import type { ChannelName } from '../../engine/model/state';
import { FACTORIES, USER_ID_FACTORIES, type Factory, type Handed, type ProviderParts } from './factories';
import { guarded } from './guarded';
import { mailbox } from './mailbox';
import { ownProvider } from './own';
import type { SharedProvider } from './provider';
import type { PushContent } from '../templates/push-content';

export type { ProviderParts } from './factories';

/**
 * Makes the providers of a channel, guarded and with their weights.
 * @param types leaves out those of other types. Default: all
 * @throws {Error} when the setup names a type that the channel does not have, or a setting is missing
 */
export function providersOf<Channel extends ChannelName>(
  channel: Channel,
  parts: ProviderParts,
  types?: readonly string[],
): readonly SharedProvider<Handed<Channel>>[] {
  const uses = usesOf(channel, parts).filter((use) => types === undefined || types.includes(use.type));
  const found = uses.flatMap((use) => providerOf(channel, use, parts) ?? []);
  if (found.length > 0 || parts.mailboxUrl === null) return found;
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

/**
 * Makes the providers of push messages that know a person's devices by the id of the user. Where they lack settings, the mailbox of
 * this machine shows the messages.
 * @throws {Error} as `providersOf`
 */
export function userIdProviders(parts: ProviderParts): readonly SharedProvider<PushContent>[] {
  const { mailboxUrl: url } = parts;
  const factories: Readonly<Record<string, Factory<PushContent>>> = USER_ID_FACTORIES;
  return usesOf('push', parts)
    .filter(({ type }) => BY_USER_ID.includes(type))
    .flatMap((use) => {
      const { name, weight } = use;
      const shown = url === null ? [] : guarded(mailbox({ url, channel: 'push', name }), { channel: 'push', weight });
      return made(getOwn(factories, use.type), 'push', use, parts) ?? shown;
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
  const factories: Readonly<Record<string, Factory<never>>> = Object.hasOwn(FACTORIES, channel)
    ? FACTORIES[channel as keyof typeof FACTORIES]
    : {};
  // A channel's factories make providers of its content.
  const factory = (ownFactory(channel, parts) ?? getOwn(factories, use.type)) as Factory<Handed<Channel>> | undefined;
  return made(factory, channel, use, parts);
}

/**
 * Makes a provider by its factory; null when it lacks settings and the mailbox stands for it.
 * @throws {Error} when there is no factory, or a setting is missing
 * @throws {ConfigError} when a setting has a value that the provider can't use
 */
function made<Content>(
  factory: Factory<Content> | undefined,
  channel: ChannelName,
  use: ProviderUse,
  parts: ProviderParts,
): SharedProvider<Content> | null {
  const { settings, missing } = readProviderSettings(use, parts.environment);
  if (missing.length > 0 && parts.mailboxUrl !== null) return null;
  if (!factory) throw new Error(`The channel ${channel} has no provider '${use.type}'.`);
  if (missing.length > 0) throw new Error(`${missing.join(' and ')} must be set, for the provider ${use.name}.`);
  try {
    return guarded(factory(settings, { ...parts, name: use.name }), { channel, weight: use.weight });
  } catch (cause) {
    throw new ConfigError([`${use.name}: ${cause instanceof Error ? cause.message : String(cause)}`]);
  }
}
