import { readProviderSettings, type ProviderSettings, type Sending } from '../../config/channel-setups';
import type { Contents } from '../templates/load';
import { guarded } from './guarded';
import { mailbox } from './mailbox';
import type { Provider, SharedProvider } from './provider';
import { smtp } from './smtp';

/** What all providers of an installation share. */
export interface ProviderParts extends Sending {
  /** The host of our public URL. */
  readonly hostname: string;
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
const FACTORIES: { readonly [Channel in keyof Contents]?: Readonly<Record<string, Factory<Contents[Channel]>>> } = {
  email: {
    smtp: (settings, { hostname, name }) =>
      smtp({ name, url: settings.text('url'), from: settings.text('from'), hostname }),
  },
};

/**
 * Makes the providers of a channel, guarded and with their weights.
 * @throws {Error} when the setup names a type that the channel does not have, or a setting is missing
 */
export function providersOf<Channel extends keyof Contents>(
  channel: Channel,
  parts: ProviderParts,
): readonly SharedProvider<Contents[Channel]>[] {
  const uses = parts.setups.find((setup) => setup.channel === channel)?.providers ?? [];
  const factories: Readonly<Record<string, Factory<Contents[Channel]>>> = FACTORIES[channel] ?? {};
  const made = uses.flatMap((use) => {
    const { settings, missing } = readProviderSettings(use, parts.environment);
    if (missing.length > 0 && parts.mailboxUrl !== null) return [];
    const factory = factories[use.type];
    if (!factory) throw new Error(`The channel ${channel} has no provider '${use.type}'.`);
    if (missing.length > 0) throw new Error(`${missing.join(' and ')} must be set, for the provider ${use.name}.`);
    const provider = factory(settings, { ...parts, name: use.name });
    return [guarded(provider, { channel, weight: use.weight })];
  });
  if (made.length > 0 || parts.mailboxUrl === null) return made;
  return [guarded(mailbox({ url: parts.mailboxUrl, channel }), { channel, weight: 1 })];
}
