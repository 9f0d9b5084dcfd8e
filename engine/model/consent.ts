import type { JsonObject } from './json';
import { CHANNEL_NAME, CHANNELS, builtInChannel, type ChannelName } from './channels';

/** The channels that ship and reach people: those about which somebody can be asked. */
export const PERSONAL_CHANNELS = CHANNELS.filter((channel) => builtInChannel(channel).toPerson);

/** The explicit answers of a user, by channel. A channel without an answer counts as agreed to. */
export type Consent = Readonly<Partial<Record<ChannelName, boolean>>>;

/** The names of the events of consent. Their property `channel` says what was answered. */
export const CONSENT_EVENTS = {
  /** A yes, also one that repeats the former answer. */
  given: 'Consent Given',
  /** A yes after a no. */
  subscribed: 'Subscribed',
  /** A no after a yes, or after no answer. */
  unsubscribed: 'Unsubscribed',
} as const;

const AGREED = Object.fromEntries(PERSONAL_CHANNELS.map((channel) => [channel, true])) as Record<ChannelName, boolean>;

/** What holds for every channel that reaches people. */
export function completeConsent(consent: Consent): Readonly<Record<ChannelName, boolean>> {
  return { ...AGREED, ...(consent as Record<ChannelName, boolean>) };
}

/** The channel of an event of consent; undefined for any other event. */
export function channelOf({ properties }: { readonly properties: JsonObject }): ChannelName | undefined {
  const { channel } = properties;
  return typeof channel === 'string' && CHANNEL_NAME.test(channel) ? channel : undefined;
}

/** The events of an answer of the user, by name. */
export function eventsOfAnswer(before: Consent, channel: ChannelName, agrees: boolean): string[] {
  const changes = (before[channel] ?? true) !== agrees;
  const { given, subscribed, unsubscribed } = CONSENT_EVENTS;
  return [...(changes ? [agrees ? subscribed : unsubscribed] : []), ...(agrees ? [given] : [])];
}
